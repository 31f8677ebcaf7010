using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Sockeye.Cli.Commands;

/// <summary>The kinds of option that verbs have; each says itself what is wrong with its value.</summary>
internal static class OptionKinds
{
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    public static Option<string?> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    /// <summary>A count from 1.</summary>
    public static Option<int?> Number(string name, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Read(result, name, ParseCount, $"it is a whole number from 1 to {int.MaxValue}"),
    };

    /// <summary>A time from <paramref name="minimum"/> to <see cref="Duration.Max"/>.</summary>
    public static Option<TimeSpan?> Time(string name, string description, TimeSpan minimum) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => Read<TimeSpan>(result, name, text => Duration.Parse(text) is { } time && time >= minimum ? time : null,
            $"{Duration.Expected}, from {Duration.Print(minimum)} to {Duration.Print(Duration.Max)}"),
    };

    private const string QuietName = "--quiet";

    /// <summary>The events are left out.</summary>
    public static Option<bool> Quiet() => Flag(QuietName, "no event lines; errors are still told");

    /// <summary>Whether the verb has <see cref="Quiet"/>, and it was given.</summary>
    public static bool IsQuiet(ParseResult parsed) => parsed.GetResult(QuietName) is OptionResult quiet && quiet.GetValueOrDefault<bool>();

    /// <summary>For a verb whose standard output has nothing else.</summary>
    public static Option<bool> Json() => Flag("--json", "what happens on standard output, one JSON object a line");

    /// <param name="orIfNot">What holds if it is not given.</param>
    public static Option<TimeSpan?> Drain(TimeSpan orIfNot) => Time(
        "--drain", $"how long open connections have to finish when stopping, as in 500ms; {Duration.Print(orIfNot)} if not given", TimeSpan.Zero);

    /// <summary>The time in which a connection has to come about.</summary>
    /// <param name="orIfNot">What holds if it is not given; null waits as long as the system does.</param>
    public static Option<TimeSpan?> ConnectTimeout(TimeSpan? orIfNot) => Time(
        "--timeout", $"how long connecting may take, as in 5s{(orIfNot is { } time ? $"; {Duration.Print(time)} if not given" : " (exit code 4)")}", TimeSpan.FromMilliseconds(1));

    public static Option<int?> LimitPerAddress() => Number("--limit-per-address", "the most connections at a time from one IP address");

    private static int? ParseCount(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;

    private static T? Read<T>(ArgumentResult result, string name, Func<string, T?> parse, string expected)
        where T : struct
    {
        string text = result.Tokens[0].Value;
        if (parse(text) is { } value)
            return value;
        result.AddError($"{name} cannot be \"{text}\": {expected}");
        return null;
    }
}
