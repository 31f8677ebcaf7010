using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Sockeye.Cli.Talking;
using Sockeye.Cli.Talking.Datagrams;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye connect ADDRESS</c></summary>
internal sealed class ConnectCommand
{
    private static readonly AddressReader Addresses = new("connect reaches", "cannot be reached", AddressReader.AllProtocols);

    private readonly CliEnvironment _environment;
    private readonly TalkOptions _options = new(OptionKinds.ConnectTimeout(orIfNot: null));
    private readonly TlsClientCliOptions _tls = new();
    private readonly WebSocketCliOptions _webSocket = new(isServer: false);
    private readonly Option<TimeSpan?> _replyWait = OptionKinds.Time(
        "--reply-wait", $"how long to wait for answers after the end of the input: datagrams {Duration.Print(TalkSettings.ReplyWaitDefault)} if not given; a WebSocket is closed after it, at once if not given", TimeSpan.Zero);

    private readonly Argument<string> _address = new("ADDRESS") { Description = "whom to reach: tcp://HOST:PORT, tls://HOST:PORT, ws://HOST:PORT/PATH, udp://HOST:PORT, unix://PATH, …" };

    private ConnectCommand(CliEnvironment environment) => _environment = environment;

    public static Command Create(CliEnvironment environment)
    {
        ConnectCommand connect = new(environment);
        Command command = new("connect", "Connect, and send standard input; what the peer sends goes to standard output.") { connect._address, connect._replyWait };
        connect._options.AddTo(command);
        connect._tls.AddTo(command);
        connect._webSocket.AddTo(command);
        command.SetAction((parsed, _) => connect.RunAsync(command, parsed));
        return command.WithExamples(
            "sockeye connect tcp://127.0.0.1:8888",
            "printf 'GET / HTTP/1.0\\n\\n' | sockeye connect tcp://localhost:80 --crlf --timeout 5s",
            "sockeye connect tcp://127.0.0.1:9000 --frames length:4 --hex",
            "sockeye connect wss://echo.example.com/chat --subprotocol chat --ping 30s",
            "echo hello | sockeye connect udp://127.0.0.1:9000 --reply-wait 500ms");
    }

    private async Task<int> RunAsync(Command command, ParseResult parsed)
    {
        Address address = Addresses.Read(command, parsed.GetValue(_address)!);
        if (address.EndPoint is IPEndPoint or DnsEndPoint && address.Port == 0)
            throw new UsageException($"{address} cannot be reached: port 0 is for listening on any free one");
        bool isDatagram = address.SocketType == SocketType.Dgram;
        if (isDatagram)
            _options.RefuseForDatagrams(parsed, address);
        TalkSettings settings = _options.Read(parsed, _environment, address, _webSocket) with { ReplyWait = ReadReplyWait(parsed, address, isDatagram) };
        if (!isDatagram)
            settings = settings with { ClientTls = _tls.Read(parsed, [address], _environment) };
        using StopSignals signals = _environment.StopSignals();
        await using Reporter reporter = _options.OpenReporter(parsed, _environment, signals.Token);
        return await (isDatagram
            ? new ConnectDatagrams(_environment, settings, reporter).RunAsync(address, signals.Token)
            : new ConnectProgram(_environment, settings, reporter).RunAsync(address, signals.Token));
    }

    private TimeSpan ReadReplyWait(ParseResult parsed, Address address, bool isDatagram)
    {
        TimeSpan? given = parsed.GetValue(_replyWait);
        if (given is not null && !isDatagram && address.Scheme is not ("ws" or "wss"))
            throw new UsageException($"--reply-wait is for datagrams and WebSockets, and {address} is a connection with half-close; --linger is for those");
        return given ?? (isDatagram ? TalkSettings.ReplyWaitDefault : TimeSpan.Zero);
    }
}
