using System.Globalization;
using System.Text;

namespace Sockeye.Hub.Domain;

/// <summary>
/// Letters and digits of one script, and <c>_ - .</c> between them; a letter or one of 0 to 9 is among them. Compared are names without case, in parts (NFKD) and with what looks alike
/// made one, so that nobody can pass for another.
/// </summary>
internal sealed class NameRules : INameRules
{
    /// <summary>The most marks on one letter: more are written over the lines above and below.</summary>
    private const int MarksMax = 3;

    /// <summary>Scripts that are written together (UTS 39, 5.2, highly restrictive).</summary>
    private static readonly HashSet<string>[] Together =
    [
        ["LATIN", "HAN", "HIRAGANA", "KATAKANA"],
        ["LATIN", "HAN", "BOPOMOFO"],
        ["LATIN", "HAN", "HANGUL"],
    ];

    public string? Read(string text, int charactersMax, out string name, out string key)
    {
        name = text.Trim();
        key = "";
        if (name.Length > 0 && new StringInfo(name).LengthInTextElements > charactersMax)
            return $"A name has {charactersMax} characters at most.";
        if (FindForbidden(name) is { } why)
            return why;

        List<Rune> parts = [];
        foreach (Rune rune in name.EnumerateRunes())
            parts.AddRange(CharacterTable.Instance.PartsOf(in rune));
        if (CheckParts(parts) is { } problem)
            return problem;
        key = KeyOf(parts);
        return null;
    }

    private static string? FindForbidden(string name)
    {
        if (name.Length == 0)
            return "A name needs a letter or a digit.";
        foreach (Rune rune in name.EnumerateRunes())
        {
            if (IsInvisible(rune))
                return "A name has no invisible characters.";
            if (!Rune.IsLetterOrDigit(rune) && !IsMark(rune) && rune.Value is not ('_' or '-' or '.'))
                return $"A name has letters, digits and _ - . only, and no {Describe(rune)}.";
        }

        return Rune.IsLetterOrDigit(Rune.GetRuneAt(name, 0)) ? null : "A name begins with a letter or a digit.";
    }

    private static string? CheckParts(List<Rune> parts)
    {
        HashSet<string> scripts = [];
        int marks = 0;
        foreach (Rune part in parts)
        {
            marks = IsMark(part) ? marks + 1 : 0;
            if (marks > MarksMax)
                return $"A letter of a name has {MarksMax} marks at most.";
            if (!Rune.IsLetterOrDigit(part) && !IsMark(part) && part.Value is not ('_' or '-' or '.'))
                return "A name has letters, digits and _ - . only.";
            if (CharacterTable.Instance.ScriptOf(part) is { } script)
                scripts.Add(script);
        }

        // Digits of other scripts look like dots, strokes and rings: alone they are nobody's name.
        if (!parts.Exists(part => Rune.IsLetter(part) || char.IsAsciiDigit((char)Math.Min(part.Value, char.MaxValue))))
            return "A name needs a letter, or a digit from 0 to 9.";

        return scripts.Count <= 1 || Together.Any(scripts.IsSubsetOf)
            ? null
            : $"A name is written in one script: this one has letters of {string.Join(" and ", scripts.Order(StringComparer.Ordinal).Select(Title))}.";
    }

    /// <summary>The parts in an order that does not depend on how they were typed: the marks of a letter sorted.</summary>
    private static string KeyOf(List<Rune> parts)
    {
        StringBuilder key = new(parts.Count);
        for (int i = 0; i < parts.Count; i++)
        {
            int end = i + 1;
            while (end < parts.Count && IsMark(parts[end]))
                end++;
            key.Append(LookAlikes.Fold(parts[i]));
            foreach (Rune mark in parts[(i + 1)..end].Order())
                key.Append(mark);
            i = end - 1;
        }

        return key.ToString();
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Fillers, joiners and selectors that Unicode counts as letters or marks and nobody sees; the others are no letters anyway.</summary>
    private static bool IsInvisible(Rune rune) =>
        rune.Value is 0x34f or 0x115f or 0x1160 or 0x17b4 or 0x17b5 or (>= 0x180b and <= 0x180f) or 0x3164 or (>= 0xfe00 and <= 0xfe0f) or 0xffa0
            or (>= 0xe0000 and <= 0xe0fff)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control;

    private static string Describe(Rune rune) => rune.Value switch
    {
        ' ' => "spaces",
        < 0x7f => $"'{rune}'",
        _ => FormattableString.Invariant($"U+{rune.Value:X4}"),
    };

    private static string Title(string script) => script[0] + script[1..].ToLowerInvariant();
}
