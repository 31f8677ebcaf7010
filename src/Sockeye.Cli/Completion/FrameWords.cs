using System.Collections.Frozen;

namespace Sockeye.Cli.Completion;

/// <summary>How a codec of <c>--frames</c> may go on: its name, then what may stand behind each colon.</summary>
internal static class FrameWords
{
    private const string Max = "max=";

    private static readonly string[] Limits = ["64k", "1m", "16m"];

    /// <summary>What follows a name; null: it needs a value that cannot be guessed.</summary>
    private static readonly FrozenDictionary<string, string[]?> Names = new Dictionary<string, string[]?>
    {
        ["lines"] = [Max],
        ["crlf"] = [Max],
        ["delimiter"] = null,
        ["fixed"] = null,
        ["length"] = ["big", "little", "self", Max],
        ["varint"] = [Max],
        ["netstring"] = [Max],
        ["slip"] = [Max],
        ["cobs"] = [Max],
        ["jsonl"] = [Max],
        ["resp"] = [Max],
        ["http"] = [Max],
    }.ToFrozenDictionary();

    private static readonly string[] Sizes = ["1", "2", "4", "8"];

    /// <summary>The names of all codecs.</summary>
    public static IEnumerable<string> All => Names.Keys;

    /// <param name="typed">What there is of the codec.</param>
    public static IEnumerable<string> Find(string typed)
    {
        string[] parts = typed.Split(':');
        if (parts.Length == 1)
            return Names.Keys.Select(name => name is "length" or "delimiter" or "fixed" ? name + ":" : name);
        string begun = typed[..(typed.LastIndexOf(':') + 1)];
        return After(parts[0], parts[1..^1], parts[^1]).Select(word => begun + word);
    }

    private static IEnumerable<string> After(string name, string[] given, string last)
    {
        if (name == "length" && given.Length == 0)
            return Sizes;
        if (last.StartsWith(Max, StringComparison.Ordinal))
            return Limits.Select(limit => Max + limit);
        bool hasOrder = given.Contains("big") || given.Contains("little");
        return (Names.GetValueOrDefault(name) ?? []).Where(word =>
            !given.Any(each => word == Max ? each.StartsWith(Max, StringComparison.Ordinal) : each == word) && !(hasOrder && word is "big" or "little"));
    }
}
