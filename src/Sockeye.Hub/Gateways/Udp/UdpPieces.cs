using System.Globalization;
using System.Text;
using Sockeye.Hub.Gateways.Plain;

namespace Sockeye.Hub.Gateways.Udp;

/// <summary>Cuts lines that are too long for one datagram. Pure.</summary>
internal static class UdpPieces
{
    /// <summary>
    /// The line as UTF-8 with LF behind it, in pieces of at most <paramref name="bytesMax"/> bytes; between characters as people see them, or where one such is
    /// longer than a piece, between those of Unicode. Each piece but the first is indented: nobody can make one up that looks like a line of the hub's.
    /// </summary>
    public static byte[][] Of(string line, int bytesMax)
    {
        byte[] whole = Encoding.UTF8.GetBytes(line + "\n");
        if (whole.Length <= bytesMax)
            return [whole];
        List<byte[]> pieces = [];
        int start = 0;
        while (start < line.Length)
        {
            string indent = pieces.Count == 0 ? "" : PlainMessages.Indent;
            int length = LengthOf(line.AsSpan(start), bytesMax - indent.Length - 1);
            pieces.Add(Encoding.UTF8.GetBytes($"{indent}{line.AsSpan(start, length)}\n"));
            start += length;
        }

        return [.. pieces];
    }

    /// <summary>How many chars of a text fit.</summary>
    private static int LengthOf(ReadOnlySpan<char> text, int bytesMax)
    {
        int length = 0;
        int bytes = 0;
        while (length < text.Length)
        {
            int next = StringInfo.GetNextTextElementLength(text[length..]);
            int more = Encoding.UTF8.GetByteCount(text.Slice(length, next));
            if (bytes + more > bytesMax)
                break;
            length += next;
            bytes += more;
        }

        return length > 0 ? length : RunesThatFit(text, bytesMax);
    }

    private static int RunesThatFit(ReadOnlySpan<char> text, int bytesMax)
    {
        int length = 0;
        int bytes = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > bytesMax)
                break;
            length += rune.Utf16SequenceLength;
        }

        return length;
    }
}
