using System.CommandLine;
using Sockeye.Cli.Talking;
using Sockeye.Cli.Talking.Datagrams;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye listen ADDRESS</c></summary>
internal sealed class ListenCommand : TalkCommand
{
    private readonly TlsServerCliOptions _tls = new();
    private readonly NetworkCliOptions _network = new();
    private readonly Option<bool> _keepOpen = OptionKinds.Flag("--keep-open", "serve the next client after this one");
    private readonly Option<string?> _exec = OptionKinds.Text("--exec", "give each client a process of its own, by /bin/sh -c: its input and output are the connection", "CMD");
    private readonly Option<int?> _limit = OptionKinds.Number("--limit", $"the most processes of --exec at a time; {TalkSettings.ConnectionLimitDefault} if not given; the next client waits");

    private ListenCommand(CliEnvironment environment)
        : base(
            environment,
            isServer: true,
            new AddressReader("listen takes", "cannot be listened on", AddressReader.AllProtocols),
            "where to listen",
            OptionKinds.Time("--timeout", "how long to wait for a client, as in 30s (exit code 4)", TimeSpan.FromMilliseconds(1)))
    {
    }

    /// <summary>One client is served and gone before reactors would have begun.</summary>
    protected override ServingNetwork OpenNetwork(ParseResult parsed) => parsed.GetValue(_keepOpen) ? _network.Open(parsed, Environment) : base.OpenNetwork(parsed);

    protected override Option[] ConnectionOptions => [_keepOpen, _exec, _limit];

    public static Command Create(CliEnvironment environment)
    {
        ListenCommand listen = new(environment);
        Command command = new("listen", "Wait for a client, and send it standard input; what it sends goes to standard output.");
        return listen.Build(command, [listen._keepOpen, listen._exec, listen._limit], listen.AddTo).WithExamples(
            "sockeye listen tcp://127.0.0.1:8888",
            "sockeye listen tcp://*:8888 --linger 5s < file",
            "sockeye listen unix://shout.sock --keep-open --exec 'tr a-z A-Z'",
            "sockeye listen ws://127.0.0.1:8888/up --keep-open --exec 'sed -u s/^/you:/'",
            "sockeye listen tcp://127.0.0.1:8888 --keep-open --pcap talk.pcapng",
            "sockeye listen udp://127.0.0.1:8888");
    }

    private void AddTo(Command command)
    {
        _tls.AddTo(command);
        _network.AddTo(command);
    }

    protected override TalkSettings Read(ParseResult parsed, Address address, TalkSettings settings)
    {
        string? command = parsed.GetValue(_exec);
        if (command is not null)
            RefuseForCommands(parsed);
        if (string.IsNullOrWhiteSpace(command) && command is not null)
            throw new UsageException("--exec needs a command, as in --exec 'tr a-z A-Z'");
        if (parsed.GetValue(_limit) is not null && (command is null || !parsed.GetValue(_keepOpen)))
            throw new UsageException("--limit is for --exec with --keep-open; without these there is one client at a time");
        return settings with
        {
            KeepOpen = parsed.GetValue(_keepOpen),
            Command = command,
            ConnectionLimit = parsed.GetValue(_limit) ?? TalkSettings.ConnectionLimitDefault,
            ServerTls = _tls.Read(parsed, [address], Environment),
        };
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CliEnvironment environment, Address address, TalkSettings settings, Reporter reporter, StopSignals signals)
    {
        try
        {
            if (_tls.Announcement(parsed, settings.ServerTls) is { } announcement)
                reporter.Tell(announcement);
            if (IsDatagram(address))
            {
                ListenDatagrams datagrams = new(environment, settings, reporter);
                signals.Exiting += datagrams.Close;
                return await datagrams.RunAsync(address, signals.Token);
            }

            ListenProgram program = new(environment, settings, reporter);
            signals.Exiting += program.Close;
            return await program.RunAsync(address, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            // Asked to stop while nobody was there: for a listener that is an end like any other.
            return ExitCodes.Done;
        }
    }
}
