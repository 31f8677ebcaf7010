using System.CommandLine;
using Sockeye.Cli.Output;
using Sockeye.Hub;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye hub</c></summary>
internal sealed class HubCommand
{
    private readonly CliEnvironment _environment;
    private readonly Option<string?> _text = OptionKinds.Text("--text", "where telnet and nc come in; tcp://127.0.0.1:8888 or the next free port if not given", "ADDRESS");
    private readonly Option<string?> _unix = OptionKinds.Text("--unix", "the same on a Unix socket, as unix://PATH; hub.sock in the data directory if not given", "ADDRESS");
    private readonly Option<string?> _data = OptionKinds.Text("--data", "where the hub keeps what it knows", "DIR");
    private readonly Option<bool> _lan = OptionKinds.Flag("--lan", "listen on all interfaces, for others in this network");
    private readonly Option<bool> _quiet = OptionKinds.Quiet();
    private readonly Option<bool> _json = OptionKinds.Json();

    private HubCommand(CliEnvironment environment) => _environment = environment;

    public static Command Create(CliEnvironment environment)
    {
        HubCommand hub = new(environment);
        Command command = new("hub", "Be a chat that any socket can join.") { hub._text, hub._unix, hub._data, hub._lan, hub._quiet, hub._json };
        command.SetAction((parsed, _) => hub.RunAsync(parsed));
        return command.WithExamples("sockeye hub", "sockeye hub --text tcp://127.0.0.1:7777 --unix unix://hub.sock", "sockeye hub --lan");
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using StopSignals signals = _environment.StopSignals();
        await using EventLog log = OpenLog(parsed);
        HubOptions options = new()
        {
            Text = parsed.GetValue(_text),
            Unix = parsed.GetValue(_unix),
            DataDirectory = parsed.GetValue(_data) ?? DataDirectory.DefaultPath,
            Lan = parsed.GetValue(_lan),
            OnNotice = message => log.Write(new CliEvent(EventKind.Notice) { Message = message }),
        };
        try
        {
            await using HubServer hub = await HubServer.StartAsync(options, _environment.Network, signals.Token);
            foreach (string address in hub.Addresses)
                log.Write(new CliEvent(EventKind.Listening) { Address = address });
            if (hub.OwnerLink is { } link)
                log.Write(new CliEvent(EventKind.Notice) { Message = $"open {link} to become the owner of this hub" });
            await using CancellationTokenRegistration stopping =
                signals.Token.Register(() => log.Write(new CliEvent(EventKind.Stopping) { Count = hub.ClientCount }));
            await hub.RunAsync(signals.Token);
            log.Write(new CliEvent(EventKind.Stopped));
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            // Asked to stop before it had begun: for a server that is an end like any other.
        }

        return ExitCodes.Done;
    }

    private EventLog OpenLog(ParseResult parsed)
    {
        bool isJson = parsed.GetValue(_json);
        TextWriter? output = parsed.GetValue(_quiet) ? null : isJson ? _environment.Output : _environment.Error;
        return new EventLog(output, isJson ? new JsonFormat() : new TextFormat(_environment.Columns), _environment.Network.TimeProvider);
    }
}
