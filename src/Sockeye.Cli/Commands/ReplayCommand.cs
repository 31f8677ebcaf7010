using System.CommandLine;
using Sockeye.Cli.Replaying;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye replay FILE</c></summary>
internal sealed class ReplayCommand
{
    private static readonly AddressReader Servers = new("replay connects to", "cannot be replayed to", "tcp, tls, unix and abstract");
    private static readonly AddressReader Listeners = new("replay listens on", "cannot be replayed at", "tcp, unix and abstract");

    private readonly CliEnvironment _environment;
    private readonly ReplayCliOptions _options = new();
    private readonly TlsClientCliOptions _tls = new();
    private readonly Argument<string> _file = new("FILE") { Description = "a recording: pcap or pcapng, of sockeye, tcpdump or Wireshark; - is standard input" };
    private readonly Option<string?> _to = OptionKinds.Text("--to", "play the client to this server, and compare what it answers", "ADDRESS");
    private readonly Option<string?> _asServer = OptionKinds.Text("--as-server", "listen here, play the server to who comes, and compare what the client says", "ADDRESS");
    private readonly Option<bool> _list = OptionKinds.Flag("--list", "only show which connections the recording has");
    private readonly Option<int?> _stream = OptionKinds.Number("--stream", "the connection to play, by the number that --list shows");
    private readonly Option<bool> _all = OptionKinds.Flag("--all", "play all of them, one after the other");
    private readonly Option<bool> _json = OptionKinds.Json();

    private ReplayCommand(CliEnvironment environment) => _environment = environment;

    public static Command Create(CliEnvironment environment)
    {
        ReplayCommand replay = new(environment);
        Command command = new("replay", "Play a recorded connection back, as either side, and say where the peer first answers otherwise (exit code 1; a recording that cannot be played: 2).") { replay._file };
        foreach (Option option in new Option[] { replay._to, replay._asServer, replay._list, replay._stream, replay._all })
            command.Add(option);
        replay._options.AddTo(command);
        command.Add(replay._json);
        replay._tls.AddTo(command);
        command.SetAction((parsed, _) => replay.RunAsync(command, parsed));
        return command.WithExamples(
            "sockeye replay session.pcapng --list",
            "sockeye replay session.pcapng --to tcp://127.0.0.1:6379 --frames resp",
            "sockeye replay session.pcapng --stream 2 --to tcp://127.0.0.1:8080 --ignore-bytes 23-51",
            "sockeye replay session.pcapng --to tcp://127.0.0.1:8080 --ignore \"Date: .*\" --ignore \"id=[0-9]+\"",
            "sockeye replay session.pcapng --all --as-server tcp://127.0.0.1:6379 --speed 1");
    }

    private async Task<int> RunAsync(Command command, ParseResult parsed)
    {
        ReplaySettings settings = Read(command, parsed);
        using StopSignals signals = _environment.StopSignals();
        ReplayReport report = parsed.GetValue(_json)
            ? new ReplayJson(_environment.Output, _environment.Network.TimeProvider)
            : new ReplayText(_environment.Output, _environment.Error, _environment.OutputColumns());
        IReadOnlyList<Transcript> all = await Recording.ReadAsync(settings.File, _environment, signals.Token);
        if (parsed.GetValue(_list))
        {
            foreach (Transcript transcript in all)
                report.Stream(transcript);
            return ExitCodes.Done;
        }

        return await new ReplayProgram(_environment.Network, settings, report).RunAsync(Recording.Choose(all, settings), signals.Token);
    }

    private ReplaySettings Read(Command command, ParseResult parsed)
    {
        Address? to = parsed.GetValue(_to) is { } server ? Servers.Read(command, server) : null;
        Address? asServer = parsed.GetValue(_asServer) is { } local ? Listeners.Read(command, local) : null;
        if (new[] { to is not null, asServer is not null, parsed.GetValue(_list) }.Count(given => given) != 1)
            throw new UsageException("replay needs one of --to ADDRESS, to play the client, --as-server ADDRESS, to play the server, and --list");
        if (parsed.GetValue(_all) && parsed.GetValue(_stream) is not null)
            throw new UsageException("--all and --stream exclude each other: keep one");
        ReplayOptions replay = _options.Read(parsed, _environment.Network.TimeProvider);
        return new ReplaySettings
        {
            File = parsed.GetValue(_file)!,
            To = to,
            AsServer = asServer,
            Stream = parsed.GetValue(_stream),
            All = parsed.GetValue(_all),
            Connector = new ConnectorOptions { ConnectTimeout = replay.Timeout, Tls = _tls.Read(parsed, to is null ? [] : [to], _environment) },
            Replay = replay,
        };
    }
}
