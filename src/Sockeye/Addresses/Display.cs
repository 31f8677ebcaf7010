using System.Globalization;
using System.Text;

namespace Sockeye;

/// <summary>Puts text of unknown origin into a message without letting it rearrange a terminal.</summary>
internal static class Display
{
    private const int ShownLengthMax = 120;

    /// <summary>The text in quotes, shortened, with invisible characters written as escapes.</summary>
    public static string Quote(string text)
    {
        StringBuilder builder = new("\"");
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (builder.Length > ShownLengthMax)
                return builder.Append("…\"").ToString();
            if (IsInvisible(rune))
                builder.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
            else
                builder.Append(rune);
        }

        return builder.Append('"').ToString();
    }

    /// <summary>The text, or its beginning when it is too long to show.</summary>
    public static string Shorten(string text)
    {
        if (text.Length <= ShownLengthMax)
            return text;
        int end = char.IsHighSurrogate(text[ShownLengthMax - 1]) ? ShownLengthMax - 1 : ShownLengthMax;
        return text[..end] + "…";
    }

    /// <summary><c>a, b and c</c></summary>
    public static string List(IEnumerable<string> words, string lastJoin = "and")
    {
        string[] all = [.. words];
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} {lastJoin} {all[^1]}";
    }

    /// <summary>Whether the character shows as nothing, or changes how others show. The plain space counts as visible.</summary>
    public static bool IsInvisible(Rune rune) => rune.Value != ' ' && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
