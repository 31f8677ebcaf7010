using System.Buffers.Text;

namespace Sockeye;

/// <summary>Frames as <c>5:hello,</c>; see <see cref="Codecs.Netstring"/>.</summary>
internal sealed class NetstringCodec(int maxFrameSize) : PrefixedCodec(maxFrameSize, LargestPrefixSize, Comma)
{
    private const int DigitsMax = 19;                   // as many as fit into 64 bits, whatever they are
    private const int LargestPrefixSize = DigitsMax + 1;
    private const byte Colon = (byte)':';
    private const byte Comma = (byte)',';

    public override string ToString() => CodecText.Print(CodecText.Netstring, MaxFrameSize);

    protected override bool TryReadPrefix(ReadOnlySpan<byte> front, out ulong size, out int prefixSize)
    {
        size = 0;
        prefixSize = 0;
        for (int i = 0; i < front.Length; i++)
        {
            byte next = front[i];
            if (next == Colon && i > 0)
            {
                prefixSize = i + 1;
                return true;
            }

            if (!char.IsAsciiDigit((char)next))
                throw new ProtocolException($"A netstring's length has 0x{next:X2} in place of a {(i == 0 ? "digit" : "digit or a colon")}.");
            if (i == 1 && front[0] == '0')
                throw new ProtocolException("A netstring's length begins with a zero that it does not need.");
            if (i == DigitsMax)
                throw new FrameTooLargeException(MaxFrameSize);
            size = (size * 10) + (ulong)(next - '0');
        }

        return false;
    }

    protected override int WritePrefix(Span<byte> prefix, ulong size)
    {
        bool fits = Utf8Formatter.TryFormat(size, prefix, out int count);
        System.Diagnostics.Debug.Assert(fits, "a prefix has room for every length");
        prefix[count] = Colon;
        return count + 1;
    }
}
