using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sockeye.Cli.Output;

/// <summary>
/// Bytes from strangers as text that is safe on a terminal: UTF-8 stays readable, everything that could move the cursor, change the
/// colour or turn the writing round is escaped, and so is what is no UTF-8. It fits the columns it is given.
/// </summary>
internal static class EscapedText
{
    private const char Ellipsis = '…';
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>The text of <paramref name="bytes"/>, cut with an ellipsis to <paramref name="columns"/>.</summary>
    public static string Escape(ReadOnlySpan<byte> bytes, int columns) => Escape(bytes, columns, doublesBackslash: true);

    /// <summary>
    /// A sentence that is safe on a terminal. Those who make sentences escape what strangers said within them: a backslash is theirs, and stays as it is.
    /// </summary>
    public static string EscapeSentence(string sentence) => Escape(Encoding.UTF8.GetBytes(sentence), int.MaxValue, doublesBackslash: false);

    private static string Escape(ReadOnlySpan<byte> bytes, int columns, bool doublesBackslash)
    {
        StringBuilder text = new();
        int width = 0;
        int fits = 0; // the text up to here leaves room for the ellipsis
        while (!bytes.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length);
            width += status == OperationStatus.Done && (!IsDangerous(rune) || rune.Value is '\\' && !doublesBackslash)
                ? AppendCharacter(text, rune)
                : AppendEscape(text, bytes[..length]);
            bytes = bytes[length..];
            if (width > columns)
                return text.ToString(0, fits) + Ellipsis;
            if (width < columns)
                fits = text.Length;
        }

        return text.ToString();
    }

    private static int AppendCharacter(StringBuilder text, Rune rune)
    {
        text.Append(rune.ToString());
        return ColumnsOf(rune);
    }

    private static int AppendEscape(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        int start = text.Length;
        foreach (byte value in bytes)
        {
            text.Append(value switch
            {
                (byte)'\n' => @"\n",
                (byte)'\r' => @"\r",
                (byte)'\t' => @"\t",
                (byte)'\\' => @"\\",
                _ => $@"\x{value:x2}",
            });
        }

        return text.Length - start;
    }

    // A backslash is doubled, so that an escape is never mistaken for what was sent. Of the invisible formatting characters, which also turn
    // the writing direction, only the joiner stays: emoji are made with it.
    public static bool IsDangerous(Rune rune) => rune.Value is '\\' || Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Format => rune.Value != ZeroWidthJoiner,
        _ => false,
    };

    /// <summary>How wide terminals show a character: Unicode Standard Annex 11, the wide blocks.</summary>
    private static int ColumnsOf(Rune rune)
    {
        if (rune.IsAscii)
            return 1;
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
            return 0;
        return rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0x303E) or (>= 0x3041 and <= 0xA4CF) or (>= 0xA960 and <= 0xA97F)
            or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60)
            or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F680 and <= 0x1F6FF) or (>= 0x1F900 and <= 0x1F9FF)
            or (>= 0x20000 and <= 0x3FFFD) ? 2 : 1;
    }
}
