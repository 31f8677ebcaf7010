using System.CommandLine;
using Sockeye.Cli.Capturing;
using Sockeye.Cli.Output;
using Sockeye.Cli.Services;
using Sockeye.Cli.Services.Chat;
using Sockeye.Cli.Serving;
using Sockeye.Cli.Viewing;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye serve SERVICE ADDRESS...</c></summary>
internal sealed class ServeCommand
{
    private static readonly AddressReader Addresses = new("serve listens on", "cannot be served", AddressReader.AllProtocols);

    private readonly CliEnvironment _environment;
    private readonly ServeOptions _options = new();
    private readonly TlsServerCliOptions _tls = new();
    private readonly WebSocketCliOptions _webSocket = new(isServer: true, hasStreams: false);

    private readonly PcapCliOptions _pcap = new(isRecursive: true);
    private readonly EyeCliOptions _eye = new(isRecursive: true);
    private readonly NetworkCliOptions _network = new(isRecursive: true);

    private ServeCommand(CliEnvironment environment) => _environment = environment;

    public static Command Create(CliEnvironment environment)
    {
        ServeCommand serve = new(environment);
        Command command = new("serve", "Be a server, on any number of addresses of any kind at once; on WebSockets by messages, each answered by one of its kind.");
        serve._options.AddTo(command);
        serve._tls.AddTo(command);
        serve._webSocket.AddTo(command);
        serve._pcap.AddTo(command);
        serve._eye.AddTo(command);
        serve._network.AddTo(command);
        command.Add(serve.Chat());
        command.Add(serve.Simple("daytime", "Tell the time in one line, and close (RFC 867). A WebSocket gets it as a text message.", log => new DaytimeService(environment.Network.TimeProvider), "udp://127.0.0.1:1300"));
        command.Add(serve.Simple("discard", "Take everything and say nothing (RFC 863).", log => new DiscardService(), "unix://discard.sock"));
        command.Add(serve.Simple("echo", "Send back what comes (RFC 862). A WebSocket's message comes back whole, as text or binary as it was.", log => new EchoService(), "udp://localhost:7777"));
        command.Add(serve.Greet());
        command.Add(serve.Hello());
        command.Add(serve.Simple("upper", "Send back in capitals what comes; a WebSocket's message as text or binary as it was.", log => new UpperService(), "udp://127.0.0.1:9000 unix://upper.sock"));
        return command.WithExamples(
            "sockeye serve echo tcp://127.0.0.1:8888",
            "sockeye serve upper tcp://127.0.0.1:8080 udp://127.0.0.1:9000 unix://upper.sock",
            "sockeye serve chat tcp://*:8888 --limit-per-address 4 --idle 10m",
            "sockeye serve echo tls://localhost:8443 --self-signed",
            "sockeye serve echo tls://localhost:8443 --self-signed --pcap echo.pcapng --pcap-tls encrypted",
            "sockeye serve chat ws://127.0.0.1:8080/chat tcp://127.0.0.1:8888 --ping 30s");
    }

    private Command Simple(string name, string description, Func<EventLog, Service> create, string moreAddresses) =>
        Service(new Command(name, description), (_, log) => create(log)).WithExamples(
            $"sockeye serve {name} tcp://127.0.0.1:8080",
            $"sockeye serve {name} tcp://127.0.0.1:8080 {moreAddresses}");

    private Command Greet()
    {
        Option<string> text = new("--text")
        {
            Description = "what to say, exactly: no line end is added",
            HelpName = "TEXT",
            DefaultValueFactory = _ => GreetService.DefaultText,
        };
        Option<bool> close = OptionKinds.Flag("--close", "close right after the greeting, without hearing the client");
        Command command = new("greet", "Greet whoever connects, hear what it says, and close. A WebSocket gets a text message; a datagram is answered with the greeting.") { text, close };
        return Service(command, (parsed, _) => new GreetService(parsed.GetValue(text)!, parsed.GetValue(close))).WithExamples(
            "sockeye serve greet tcp://127.0.0.1:12345",
            "sockeye serve greet tcp://127.0.0.1:12345 --text \"Welcome!\" --close");
    }

    private Command Hello()
    {
        Option<bool> lines = OptionKinds.Flag("--lines", "one answer for each line, with a line end of its own, instead of one for each receive; a WebSocket's message is a line, and its answer a text message");
        Command command = new("hello", "Answer everything with \"Hello, client!\".") { lines };
        return Service(command, (parsed, _) => new HelloService(parsed.GetValue(lines))).WithExamples(
            "sockeye serve hello tcp://127.0.0.1:8080",
            "sockeye serve hello tcp://127.0.0.1:8080 --lines");
    }

    private Command Chat()
    {
        Command command = new("chat", "One room on all addresses: what one sends, all others get, line by line. A WebSocket's message is a line: text, or binary if it is no UTF-8.");
        return Service(command, (parsed, log) => new ChatService(
            _environment.Network.TimeProvider,
            _options.Read(parsed).IdleTimeout,
            member => log.Write(new CliEvent(EventKind.Notice) { Peer = member.Name, Message = "is no longer heard of and has left the room" }))).WithExamples(
                "sockeye serve chat tcp://127.0.0.1:8888",
                "sockeye serve chat tcp://127.0.0.1:8888 udp://127.0.0.1:8889 unix://chat.sock");
    }

    private Command Service(Command command, Func<ParseResult, EventLog, Service> create)
    {
        Argument<string[]> addresses = new("ADDRESS")
        {
            Description = "where to listen: tcp://HOST:PORT, tls://HOST:PORT, ws://HOST:PORT/PATH, wss://HOST:PORT/PATH, udp://HOST:PORT, unix://PATH, unix-dgram://PATH, unix-seqpacket://PATH or abstract://NAME",
            Arity = ArgumentArity.OneOrMore,
        };
        command.Add(addresses);
        command.SetAction((parsed, _) => RunAsync(command, parsed, parsed.GetValue(addresses)!, create));
        return command;
    }

    private async Task<int> RunAsync(Command command, ParseResult parsed, string[] texts, Func<ParseResult, EventLog, Service> create)
    {
        IReadOnlyList<Address> addresses = Addresses.ReadAll(command, texts);
        TlsServerOptions? tls = _tls.Read(parsed, addresses, _environment);
        WebSocketOptions webSocket = _webSocket.Read(parsed, addresses);
        using StopSignals signals = _environment.StopSignals();
        await using ServingNetwork serving = _network.Open(parsed, _environment);
        Network network = serving.Environment.Network;
        await using EventLog log = OpenLog(parsed);
        if (_tls.Announcement(parsed, tls) is { } announcement)
            log.Write(announcement);
        await using EyeView? page = await _eye.OpenAsync(parsed, _environment, string.Join(", ", addresses), faults: null, log.Write, signals.Token);
        page?.Observe(network);
        await using PcapRecording? recording = _pcap.Open(parsed, _environment, log.Write);
        recording?.Observe(network);
        try
        {
            ServeProgram program = new(network, create(parsed, log), _options.Read(parsed) with { Tls = tls, WebSocket = webSocket }, log);
            signals.Exiting += program.Close;
            await program.RunAsync(addresses, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            // Asked to stop before it had begun: for a server that is an end like any other.
        }

        return ExitCodes.Done;
    }

    private EventLog OpenLog(ParseResult parsed)
    {
        bool isJson = _options.IsJson(parsed);
        TextWriter? output = _options.IsQuiet(parsed) ? null : isJson ? _environment.Output : _environment.Error;
        return new EventLog(output, isJson ? new JsonFormat() : new TextFormat(_environment.Columns), _environment.Network.TimeProvider);
    }
}
