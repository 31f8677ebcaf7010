using System.Globalization;
using System.Text;

namespace Sockeye.Hub.Domain;

/// <summary>Letters, digits, and <c>_ - .</c> between them; upper and lower case are the same name.</summary>
internal sealed class NameRules : INameRules
{
    public string? Read(string text, int charactersMax, out string name, out string key)
    {
        name = text.Trim();
        key = name.ToLowerInvariant();
        if (name.Length == 0)
            return "A name needs a letter or a digit.";
        if (new StringInfo(name).LengthInTextElements > charactersMax)
            return $"A name has {charactersMax} characters at most.";
        if (!Rune.IsLetterOrDigit(name.EnumerateRunes().First()))
            return "A name begins with a letter or a digit.";
        foreach (Rune rune in name.EnumerateRunes())
        {
            if (!Rune.IsLetterOrDigit(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
                && rune.Value is not ('_' or '-' or '.'))
            {
                return "A name has letters, digits and _ - . only.";
            }
        }

        return null;
    }
}
