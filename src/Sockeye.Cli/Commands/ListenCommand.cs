using System.CommandLine;
using System.Net.Sockets;
using Sockeye.Cli.Talking;
using Sockeye.Cli.Talking.Datagrams;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye listen ADDRESS</c></summary>
internal sealed class ListenCommand
{
    private static readonly AddressReader Addresses = new("listen takes", "cannot be listened on", AddressReader.AllProtocols);

    private readonly CliEnvironment _environment;
    private readonly TalkOptions _options = new(OptionKinds.Time("--timeout", "how long to wait for a client, as in 30s (exit code 4)", TimeSpan.FromMilliseconds(1)));
    private readonly TlsServerCliOptions _tls = new();
    private readonly WebSocketCliOptions _webSocket = new(isServer: true);
    private readonly Option<bool> _keepOpen = OptionKinds.Flag("--keep-open", "serve the next client after this one");
    private readonly Option<string?> _exec = OptionKinds.Text("--exec", "give each client a process of its own, by /bin/sh -c: its input and output are the connection", "CMD");
    private readonly Option<int?> _limit = OptionKinds.Number("--limit", $"the most processes of --exec at a time; {TalkSettings.ConnectionLimitDefault} if not given; the next client waits");
    private readonly Argument<string> _address = new("ADDRESS") { Description = "where to listen: tcp://HOST:PORT, tls://HOST:PORT, ws://HOST:PORT/PATH, udp://HOST:PORT, unix://PATH, …" };

    private ListenCommand(CliEnvironment environment) => _environment = environment;

    public static Command Create(CliEnvironment environment)
    {
        ListenCommand listen = new(environment);
        Command command = new("listen", "Wait for a client, and send it standard input; what it sends goes to standard output.") { listen._address, listen._keepOpen, listen._exec, listen._limit };
        listen._options.AddTo(command);
        listen._tls.AddTo(command);
        listen._webSocket.AddTo(command);
        command.SetAction((parsed, _) => listen.RunAsync(command, parsed));
        return command.WithExamples(
            "sockeye listen tcp://127.0.0.1:8888",
            "sockeye listen tcp://*:8888 --linger 5s < file",
            "sockeye listen unix://shout.sock --keep-open --exec 'tr a-z A-Z'",
            "sockeye listen ws://127.0.0.1:8888/up --keep-open --exec 'sed -u s/^/you:/'",
            "sockeye listen udp://127.0.0.1:8888");
    }

    private async Task<int> RunAsync(Command command, ParseResult parsed)
    {
        Address address = Addresses.Read(command, parsed.GetValue(_address)!);
        TalkSettings settings = Read(parsed, address) with { ServerTls = _tls.Read(parsed, [address], _environment) };
        bool isDatagram = address.SocketType == SocketType.Dgram;
        if (isDatagram)
            _options.RefuseForDatagrams(parsed, address, _keepOpen, _exec, _limit);
        using StopSignals signals = _environment.StopSignals();
        await using Reporter reporter = _options.OpenReporter(parsed, _environment, signals.Token);
        try
        {
            if (_tls.Announcement(parsed, settings.ServerTls) is { } announcement)
                reporter.Tell(announcement);
            if (isDatagram)
            {
                ListenDatagrams datagrams = new(_environment, settings, reporter);
                signals.Exiting += datagrams.Close;
                return await datagrams.RunAsync(address, signals.Token);
            }

            ListenProgram program = new(_environment, settings, reporter);
            signals.Exiting += program.Close;
            return await program.RunAsync(address, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            // Asked to stop while nobody was there: for a listener that is an end like any other.
            return ExitCodes.Done;
        }
    }

    private TalkSettings Read(ParseResult parsed, Address address)
    {
        string? command = parsed.GetValue(_exec);
        if (command is not null)
            _options.RefuseForCommands(parsed);
        if (string.IsNullOrWhiteSpace(command) && command is not null)
            throw new UsageException("--exec needs a command, as in --exec 'tr a-z A-Z'");
        if (parsed.GetValue(_limit) is not null && (command is null || !parsed.GetValue(_keepOpen)))
            throw new UsageException("--limit is for --exec with --keep-open; without these there is one client at a time");
        return _options.Read(parsed, _environment, address, _webSocket) with
        {
            KeepOpen = parsed.GetValue(_keepOpen),
            Command = command,
            ConnectionLimit = parsed.GetValue(_limit) ?? TalkSettings.ConnectionLimitDefault,
        };
    }
}
