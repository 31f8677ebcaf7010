namespace Sockeye;

/// <summary>Frames with an unsigned LEB128 length in front; see <see cref="Codecs.VarintPrefixed"/>.</summary>
internal sealed class VarintPrefixedCodec(int maxFrameSize) : PrefixedCodec(maxFrameSize, LargestPrefixSize)
{
    private const int LargestPrefixSize = 10;   // 64 bits, seven to a byte
    private const int BitsPerByte = 7;
    private const byte More = 0x80;

    public override string ToString() => CodecText.Print(CodecText.Varint, MaxFrameSize);

    protected override bool TryReadPrefix(ReadOnlySpan<byte> front, out ulong size, out int prefixSize)
    {
        size = 0;
        int count = Math.Min(front.Length, LargestPrefixSize);
        for (int i = 0; i < count; i++)
        {
            byte next = front[i];

            // The tenth byte carries the 64th bit and nothing else.
            if (i == LargestPrefixSize - 1 && next > 1)
                throw new ProtocolException("A frame's length has more than 64 bits.");
            size |= (ulong)(next & ~More) << (i * BitsPerByte);
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

    protected override int WritePrefix(Span<byte> prefix, ulong size)
    {
        int count = 0;
        for (; size >= More; size >>= BitsPerByte)
            prefix[count++] = (byte)(size | More);
        prefix[count++] = (byte)size;
        return count;
    }
}
