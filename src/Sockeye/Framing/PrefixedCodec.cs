using System.Buffers;

namespace Sockeye;

/// <summary>Frames with their size in front: everything but how the size is written.</summary>
/// <param name="maxFrameSize">The largest content, in bytes.</param>
/// <param name="prefixSizeMax">The longest prefix, in bytes.</param>
/// <param name="terminator">A byte that must follow the content, if any.</param>
internal abstract class PrefixedCodec(int maxFrameSize, int prefixSizeMax, byte? terminator = null) : FrameCodec<ReadOnlySequence<byte>>(maxFrameSize)
{
    /// <summary>What a frame takes in the stream beside its content and prefix.</summary>
    private int TrailerSize => terminator is null ? 0 : 1;

    public sealed override bool TryDecode(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        Span<byte> copy = stackalloc byte[prefixSizeMax];
        scoped ReadOnlySpan<byte> front = input.FirstSpan;
        if (front.Length < prefixSizeMax && !input.IsSingleSegment)
        {
            int available = (int)Math.Min(input.Length, prefixSizeMax);
            input.Slice(0, available).CopyTo(copy);
            front = copy[..available];
        }

        if (!TryReadPrefix(front, out ulong size, out int prefixSize))
            return false;
        if (size > (ulong)MaxFrameSize)
            throw new FrameTooLargeException(MaxFrameSize, size <= long.MaxValue ? (long)size : null);

        long end = prefixSize + (long)size;
        if (input.Length < end + TrailerSize)
            return false;
        if (terminator is { } last && Last(input.Slice(end, 1)) is var found && found != last)
            throw new ProtocolException($"A frame of {size} bytes is followed by 0x{found:X2} in place of 0x{last:X2}.");
        frame = input.Slice(prefixSize, (long)size);
        input = input.Slice(end + TrailerSize);
        return true;
    }

    public sealed override void Encode(ReadOnlySequence<byte> frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (frame.Length > MaxFrameSize)
            throw new ArgumentException($"The frame has {frame.Length} bytes; the limit is {MaxFrameSize}.", nameof(frame));

        output.Advance(WritePrefix(output.GetSpan(prefixSizeMax), (ulong)frame.Length));
        output.Write(frame);
        if (terminator is { } last)
            output.Write([last]);
    }

    /// <summary>Reads the content's size off the front.</summary>
    /// <param name="front">The input's first bytes: all of them, or more than a prefix has.</param>
    /// <param name="size">The content's size, in bytes.</param>
    /// <param name="prefixSize">The prefix's own size, in bytes.</param>
    /// <returns><see langword="false"/> if the prefix is not all there.</returns>
    protected abstract bool TryReadPrefix(ReadOnlySpan<byte> front, out ulong size, out int prefixSize);

    /// <summary>Writes the prefix and returns its size.</summary>
    protected abstract int WritePrefix(Span<byte> prefix, ulong size);

    private static byte Last(in ReadOnlySequence<byte> single)
    {
        Span<byte> copy = stackalloc byte[1];
        single.CopyTo(copy);
        return copy[0];
    }
}
