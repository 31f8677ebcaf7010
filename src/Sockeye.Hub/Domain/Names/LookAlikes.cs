using System.Text;

namespace Sockeye.Hub.Domain;

/// <summary>
/// Letters and digits that look alike in common fonts, in small or capital form: names that differ in these only are the same. A choice
/// for names among people who read each other's, not the whole of Unicode's confusables (UTS 39).
/// </summary>
internal static class LookAlikes
{
    // Each line: what it is compared as, then what looks like it. Cyrillic, Greek, Armenian, then digits and small forms.
    private static readonly string[] Groups =
    [
        "a а α ɑ", "b в β ь", "c с ϲ ⅽ", "d ԁ ⅾ", "e е ε є", "g ɡ ց", "h н һ η հ", "i l 1 і ӏ ι ı ɩ ا", "j ј ϳ", "k к κ", "m м μ", "n ո п",
        "o 0 о ο օ σ ٥ ه", "p р ρ", "q ԛ զ", "s ѕ ꜱ 5", "t т τ", "u υ ս", "v ν ѵ", "w ԝ ѡ ω", "x х χ", "y у γ ү", "z ζ 2", "3 з ӡ", "4 ч", "6 б",
    ];

    private static readonly Dictionary<Rune, Rune> Map = Groups
        .Select(group => group.Split(' '))
        .SelectMany(group => group[1..].Select(like => (Like: Rune.GetRuneAt(like, 0), As: Rune.GetRuneAt(group[0], 0))))
        .ToDictionary(entry => entry.Like, entry => entry.As);

    /// <summary>What a letter or digit is compared as.</summary>
    public static Rune Fold(Rune rune) => Map.GetValueOrDefault(rune, rune);
}
