using System.Buffers;

namespace Sockeye;

/// <summary>What the codecs need of sequences.</summary>
internal static class SequenceExtensions
{
    /// <summary>Where the byte stands first, not looking at as many bytes on the front as were searched before.</summary>
    public static SequencePosition? PositionOf(this in ReadOnlySequence<byte> bytes, byte value, long searched) =>
        searched <= 0 ? bytes.PositionOf(value)
        : searched < bytes.Length ? bytes.Slice(searched).PositionOf(value)
        : null;

    /// <summary>No more than so many bytes of the front.</summary>
    public static ReadOnlySequence<byte> AtMost(this in ReadOnlySequence<byte> bytes, long count) =>
        bytes.Length <= count ? bytes : bytes.Slice(0, count);

    /// <summary>The bytes without as many of this value as stand in front.</summary>
    public static ReadOnlySequence<byte> TrimStart(this in ReadOnlySequence<byte> bytes, byte value)
    {
        long count = 0;
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            int other = segment.Span.IndexOfAnyExcept(value);
            if (other >= 0)
                return bytes.Slice(count + other);
            count += segment.Length;
        }

        return bytes.Slice(bytes.End);
    }

    public static void Write(this IBufferWriter<byte> output, in ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> segment in bytes)
            output.Write(segment.Span);
    }
}
