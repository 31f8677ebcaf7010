using System.Buffers;

namespace Sockeye;

/// <summary>Frames with an unsigned LEB128 length in front; see <see cref="Codecs.VarintPrefixed"/>.</summary>
internal sealed class VarintPrefixedCodec(int maxFrameSize) : FrameCodec<ReadOnlySequence<byte>>(maxFrameSize)
{
    private const int LargestPrefixSize = 10;   // 64 bits, seven to a byte
    private const int BitsPerByte = 7;
    private const byte More = 0x80;

    public override bool TryDecode(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (!TryReadLength(input, out ulong size, out int prefixSize))
            return false;
        if (size > (ulong)MaxFrameSize)
            throw new FrameTooLargeException(MaxFrameSize, size <= long.MaxValue ? (long)size : null);

        long end = prefixSize + (long)size;
        if (input.Length < end)
            return false;
        frame = input.Slice(prefixSize, (long)size);
        input = input.Slice(end);
        return true;
    }

    public override void Encode(ReadOnlySequence<byte> frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (frame.Length > MaxFrameSize)
            throw new ArgumentException($"The frame has {frame.Length} bytes; the limit is {MaxFrameSize}.", nameof(frame));

        Span<byte> prefix = output.GetSpan(LargestPrefixSize);
        int count = 0;
        ulong rest = (ulong)frame.Length;
        for (; rest >= More; rest >>= BitsPerByte)
            prefix[count++] = (byte)(rest | More);
        prefix[count++] = (byte)rest;
        output.Advance(count);
        foreach (ReadOnlyMemory<byte> segment in frame)
            output.Write(segment.Span);
    }

    private static bool TryReadLength(in ReadOnlySequence<byte> input, out ulong length, out int prefixSize)
    {
        Span<byte> copy = stackalloc byte[LargestPrefixSize];
        scoped ReadOnlySpan<byte> bytes = input.FirstSpan;
        if (bytes.Length < LargestPrefixSize && !input.IsSingleSegment)
        {
            int available = (int)Math.Min(input.Length, LargestPrefixSize);
            input.Slice(0, available).CopyTo(copy);
            bytes = copy[..available];
        }

        length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte next = bytes[i];

            // The tenth byte carries the 64th bit and nothing else.
            if (i == LargestPrefixSize - 1 && next > 1)
                throw new ProtocolException("A frame's length has more than 64 bits.");
            length |= (ulong)(next & ~More) << (i * BitsPerByte);
            if ((next & More) == 0)
            {
                if (next == 0 && i > 0)
                    throw new ProtocolException($"A frame's length is written in {i + 1} bytes, more than it needs.");
                prefixSize = i + 1;
                return true;
            }
        }

        prefixSize = 0;
        return false;
    }
}
