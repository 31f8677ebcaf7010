using System.Buffers;
using System.Text;

namespace Sockeye.Cli.Talking.Formats;

/// <summary>Bytes as pairs of hexadecimal digits.</summary>
internal static class HexText
{
    /// <summary>The bytes of a line of digits; spaces and tabs between pairs are as one likes.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static byte[] Parse(ReadOnlySequence<byte> line, long number)
    {
        string text = Encoding.Latin1.GetString(line);
        foreach (string group in text.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (group.Length % 2 != 0 || !group.All(char.IsAsciiHexDigit))
                throw new InvalidDataException($"line {number} of the input is no hex: \"{group}\"; write pairs of digits, as in 68 65 6c 6c 6f");
        }

        return Convert.FromHexString(string.Concat(text.Where(char.IsAsciiHexDigit)));
    }

    public static void Write(ReadOnlySequence<byte> bytes, IBufferWriter<byte> output)
    {
        foreach (ReadOnlyMemory<byte> piece in bytes)
            output.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(piece.Span)));
    }
}
