using System.CommandLine;
using Sockeye.Cli.Serving;

namespace Sockeye.Cli.Commands;

/// <summary>The options that every service takes.</summary>
internal sealed class ServeOptions
{
    private readonly Option<int?> _limit = OptionKinds.Number("--limit", "the most connections at a time; one more is closed at once");
    private readonly Option<int?> _limitPerAddress = OptionKinds.Number("--limit-per-address", "the most connections at a time from one IP address");
    private readonly Option<TimeSpan?> _idle = OptionKinds.Time("--idle", "how long a connection may be silent, as in 90s or 5m", TimeSpan.FromMilliseconds(1));
    private readonly Option<TimeSpan?> _drain = OptionKinds.Time(
        "--drain", $"how long open connections have to finish when stopping, as in 500ms; {Duration.Print(ServeSettings.DrainTimeoutDefault)} if not given", TimeSpan.Zero);

    private readonly Option<bool> _quiet = OptionKinds.Flag("--quiet", "no event lines; errors are still told");
    private readonly Option<bool> _json = OptionKinds.Flag("--json", "events on standard output, one JSON object a line");

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
}
