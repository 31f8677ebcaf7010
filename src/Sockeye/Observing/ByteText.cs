using System.Buffers;
using System.Text;

namespace Sockeye;

/// <summary>Bytes of unknown origin as text that a terminal can be shown: whatever is not plainly visible is written as an escape.</summary>
internal static class ByteText
{
    /// <summary>The most bytes that one character shown stands for.</summary>
    public const int CharacterBytesMax = 4;

    private const int PieceMax = 4 * CharacterBytesMax;

    /// <summary>
    /// The bytes as UTF-8 text in quotes: <c>\n \r \t \" \\</c>, and <c>\xNN</c> for every byte of what is invisible or malformed. After at most
    /// <paramref name="widthMax"/> columns of a terminal within the quotes an ellipsis behind them says that there was more.
    /// </summary>
    public static void AppendQuoted(StringBuilder line, ReadOnlySpan<byte> data, int widthMax)
    {
        Span<char> piece = stackalloc char[PieceMax];
        line.Append('"');
        int width = 0;
        while (data.Length > 0)
        {
            int length = Escape(ref data, piece);

            // What takes no column takes room in memory all the same.
            width += Math.Max(length, TextColumns.Count(piece[..length]));
            if (width > widthMax)
            {
                line.Append("\"…");
                return;
            }

            line.Append(piece[..length]);
        }

        line.Append('"');
    }

    /// <summary>The bytes as pairs of hexadecimal digits, cut like quoted text.</summary>
    public static void AppendHex(StringBuilder line, ReadOnlySpan<byte> data, int widthMax)
    {
        // Two digits each, and a space between two.
        int shown = Math.Min(data.Length, (widthMax + 1) / 3);
        for (int i = 0; i < shown; i++)
        {
            if (i > 0)
                line.Append(' ');
            line.Append(Digit(data[i] >> 4)).Append(Digit(data[i] & 15));
        }

        if (shown < data.Length)
            line.Append('…');
    }

    /// <summary>One row of a dump: pairs of hexadecimal digits, filled up to <paramref name="width"/> of them, and the bytes as ASCII, all else as dots.</summary>
    public static void AppendHexRow(StringBuilder line, ReadOnlySpan<byte> row, int width)
    {
        AppendHex(line, row, int.MaxValue - 1);
        line.Append(' ', 3 * (width - row.Length)).Append("  |");
        foreach (byte value in row)
            line.Append(value is >= 0x20 and < 0x7F ? (char)value : '.');
        line.Append('|');
    }

    /// <summary>Takes one character, or what is none, off the front of <paramref name="data"/>.</summary>
    private static int Escape(ref ReadOnlySpan<byte> data, scoped Span<char> piece)
    {
        OperationStatus status = Rune.DecodeFromUtf8(data, out Rune rune, out int consumed);
        ReadOnlySpan<byte> bytes = data[..consumed];
        data = data[consumed..];
        if (status == OperationStatus.Done)
        {
            char letter = rune.Value switch
            {
                '\n' => 'n',
                '\r' => 'r',
                '\t' => 't',
                '"' => '"',
                '\\' => '\\',
                _ => '\0',
            };
            if (letter != '\0')
            {
                piece[0] = '\\';
                piece[1] = letter;
                return 2;
            }

            if (!Display.IsInvisible(rune))
                return rune.EncodeToUtf16(piece);
        }

        int length = 0;
        foreach (byte value in bytes)
        {
            piece[length++] = '\\';
            piece[length++] = 'x';
            piece[length++] = Digit(value >> 4);
            piece[length++] = Digit(value & 15);
        }

        return length;
    }

    private static char Digit(int value) => (char)(value < 10 ? '0' + value : 'a' + value - 10);
}
