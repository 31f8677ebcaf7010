using System.CommandLine;
using Sockeye.Cli.Serving;

namespace Sockeye.Cli.Commands;

/// <summary>The options that every service takes.</summary>
internal sealed class ServeOptions
{
    private readonly Option<int?> _limit = OptionKinds.Number("--limit", $"the most connections at a time, {ServerOptions.ConnectionLimitDefault} if not given; one more is closed at once");
    private readonly Option<int?> _limitPerAddress = OptionKinds.LimitPerAddress();
    private readonly Option<TimeSpan?> _idle = OptionKinds.Time("--idle", "how long nothing may come or go, as in 90s or 5m; for ever if not given", TimeSpan.FromMilliseconds(1));
    private readonly Option<TimeSpan?> _drain = OptionKinds.Drain(ServeSettings.DrainTimeoutDefault);

    private readonly Option<bool> _quiet = OptionKinds.Quiet();
    private readonly Option<bool> _json = OptionKinds.Json();

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
