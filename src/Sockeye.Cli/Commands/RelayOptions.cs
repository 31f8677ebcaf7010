using System.CommandLine;
using Sockeye.Cli.Output;
using Sockeye.Cli.Relaying;

namespace Sockeye.Cli.Commands;

/// <summary>The options of <c>sockeye relay</c>, and of <c>tap</c>.</summary>
/// <param name="jsonDescription">What <c>--json</c> is for; null: as with every verb.</param>
internal sealed class RelayOptions(string? jsonDescription = null)
{
    private readonly Option<int?> _limit = OptionKinds.Number(
        "--limit", $"the most connections at a time, {Sockeye.ServerOptions.ConnectionLimitDefault} if not given, or senders of datagrams, {DatagramRelayOptions.SessionLimitDefault}");

    private readonly Option<int?> _limitPerAddress = OptionKinds.LimitPerAddress();
    private readonly Option<TimeSpan?> _idle = OptionKinds.Time(
        "--idle", $"how long nothing may come or go, as in 90s or 5m; for ever if not given, {Duration.Print(RelaySettings.DatagramIdleTimeoutDefault)} for a sender of datagrams", TimeSpan.FromMilliseconds(1));

    private readonly Option<TimeSpan?> _timeout = OptionKinds.ConnectTimeout(RelaySettings.ConnectTimeoutDefault);

    private readonly Option<TimeSpan?> _drain = OptionKinds.Drain(RelaySettings.DrainTimeoutDefault);

    private readonly Option<bool> _quiet = OptionKinds.Quiet();
    private readonly Option<bool> _json = jsonDescription is null ? OptionKinds.Json() : OptionKinds.Flag("--json", jsonDescription);

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _limit, _limitPerAddress, _idle, _timeout, _drain, _quiet, _json })
            command.Add(option);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>The same lines where standard output has something else: always for people, and none of what that tells.</summary>
    public EventLog OpenNotices(ParseResult parsed, CliEnvironment environment) =>
        new(parsed.GetValue(_quiet) ? null : environment.Error, new TextFormat(environment.Columns), environment.Network.TimeProvider);

    public EventLog OpenLog(ParseResult parsed, CliEnvironment environment)
    {
        bool isJson = parsed.GetValue(_json);
        TextWriter? output = parsed.GetValue(_quiet) ? null : isJson ? environment.Output : environment.Error;
        return new EventLog(output, isJson ? new JsonFormat() : new TextFormat(environment.Columns), environment.Network.TimeProvider);
    }

    public RelaySettings Read(ParseResult parsed) => new()
    {
        Limit = parsed.GetValue(_limit),
        LimitPerAddress = parsed.GetValue(_limitPerAddress),
        IdleTimeout = parsed.GetValue(_idle),
        ConnectTimeout = parsed.GetValue(_timeout) ?? RelaySettings.ConnectTimeoutDefault,
        DrainTimeout = parsed.GetValue(_drain) ?? RelaySettings.DrainTimeoutDefault,
    };
}
