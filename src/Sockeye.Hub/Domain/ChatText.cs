using System.Globalization;
using System.Text;

namespace Sockeye.Hub.Domain;

/// <summary>What may be said: nothing that would do something to a terminal or turn the lines of others round.</summary>
internal static class ChatText
{
    /// <summary>
    /// Takes out what does not show: control characters (but LF, and TAB as a space) with the escape sequences that they begin, marks that change the
    /// direction of text, noncharacters, and halves of surrogate pairs; and spaces at either end.
    /// </summary>
    public static string Clean(string text)
    {
        StringBuilder clean = new(text.Length);
        int i = 0;
        while (i < text.Length)
        {
            if (text[i] == '\u001b' || text[i] == '\u009b')
            {
                i = AfterEscape(text, i);
                continue;
            }

            if (!Rune.TryGetRuneAt(text, i, out Rune rune))
            {
                clean.Append('\ufffd');
                i++;
                continue;
            }

            i += rune.Utf16SequenceLength;
            if (rune.Value is '\n')
                clean.Append('\n');
            else if (rune.Value is '\t')
                clean.Append(' ');
            else if (IsShown(rune))
                clean.Append(rune.ToString());
        }

        return clean.ToString().Trim();
    }

    /// <summary>The same as one line.</summary>
    public static string CleanLine(string text) => Clean(text.ReplaceLineEndings(" "));

    /// <summary>Behind a terminal's control sequence (ECMA-48, 5.4): its parameters would be left standing as text.</summary>
    private static int AfterEscape(string text, int at)
    {
        int i = at + 1;
        if (text[at] == '\u001b')
        {
            if (i == text.Length)
                return i;
            if (text[i] is ']' or 'P' or 'X' or '^' or '_')
                return AfterString(text, i + 1);
            if (text[i] != '[')
            {
                while (i < text.Length && text[i] is >= ' ' and <= '/')
                    i++;
                return Math.Min(i + 1, text.Length);
            }

            i++;
        }

        while (i < text.Length && text[i] is >= '0' and <= '?')
            i++;
        while (i < text.Length && text[i] is >= ' ' and <= '/')
            i++;
        return i < text.Length && text[i] is >= '@' and <= '~' ? i + 1 : i;
    }

    /// <summary>Behind a control string (ECMA-48, 5.6), which ends with ST, or with BEL as terminals have it; one without an end is only its introducer.</summary>
    private static int AfterString(string text, int start)
    {
        for (int i = start; i < text.Length; i++)
        {
            if (text[i] is '\a' or '\u009c')
                return i + 1;
            if (text[i] == '\u001b')
                return i + 1 < text.Length && text[i + 1] == '\\' ? i + 2 : i;
        }

        return start;
    }

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse => false,
        UnicodeCategory.Format => IsHarmlessFormat(rune.Value),
        UnicodeCategory.OtherNotAssigned => (rune.Value & 0xfffe) != 0xfffe && rune.Value is not (>= 0xfdd0 and <= 0xfdef),
        _ => true,
    };

    /// <summary>Joiners make emoji and the letters of some scripts; tags make flags. Embeddings, overrides and isolates reach beyond their message.</summary>
    private static bool IsHarmlessFormat(int value) => value is 0x200c or 0x200d or (>= 0xe0020 and <= 0xe007f);
}
