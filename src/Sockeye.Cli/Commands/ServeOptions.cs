using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Sockeye.Cli.Serving;

namespace Sockeye.Cli.Commands;

/// <summary>The options that every service takes.</summary>
internal sealed class ServeOptions
{
    private readonly Option<int?> _limit = Number("--limit", "the most connections at a time; one more is closed at once");
    private readonly Option<int?> _limitPerAddress = Number("--limit-per-address", "the most connections at a time from one IP address");
    private readonly Option<TimeSpan?> _idle = Time("--idle", "how long a connection may be silent, as in 90s or 5m", TimeSpan.FromMilliseconds(1));
    private readonly Option<TimeSpan?> _drain = Time(
        "--drain", $"how long open connections have to finish when stopping, as in 500ms; {Duration.Print(ServeSettings.DrainTimeoutDefault)} if not given", TimeSpan.Zero);

    private readonly Option<bool> _quiet = Flag("--quiet", "no event lines; errors are still told");
    private readonly Option<bool> _json = Flag("--json", "events on standard output, one JSON object a line");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _limit, _limitPerAddress, _idle, _drain, _quiet, _json })
        {
            option.Recursive = true;
            command.Add(option);
        }
    }

    public bool IsQuiet(ParseResult parsed) => parsed.GetValue(_quiet);

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public ServeSettings Read(ParseResult parsed) => new()
    {
        ConnectionLimit = parsed.GetValue(_limit) ?? ServerOptions.ConnectionLimitDefault,
        ConnectionLimitPerAddress = parsed.GetValue(_limitPerAddress),
        IdleTimeout = parsed.GetValue(_idle),
        DrainTimeout = parsed.GetValue(_drain) ?? ServeSettings.DrainTimeoutDefault,
    };

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    public static Option<int?> Number(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Read(result, name, ParseCount, $"it is a whole number from 1 to {int.MaxValue}"),
    };

    public static Option<TimeSpan?> Time(string name, string description, TimeSpan minimum) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => Read<TimeSpan>(result, name, text => Duration.Parse(text) is { } time && time >= minimum ? time : null,
            $"{Duration.Expected}, from {Duration.Print(minimum)} to {Duration.Print(Duration.Max)}"),
    };

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
