using System.CommandLine;
using System.Net;
using Sockeye.Cli.Talking;
using Sockeye.Cli.Talking.Datagrams;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye connect ADDRESS</c></summary>
internal sealed class ConnectCommand : TalkCommand
{
    private readonly TlsClientCliOptions _tls = new();
    private readonly Option<TimeSpan?> _replyWait = OptionKinds.Time(
        "--reply-wait", $"how long to wait for answers after the end of the input: datagrams {Duration.Print(TalkSettings.ReplyWaitDefault)} if not given; a WebSocket is closed after it, at once if not given", TimeSpan.Zero);

    private ConnectCommand(CliEnvironment environment)
        : base(environment, isServer: false, new AddressReader("connect reaches", "cannot be reached", AddressReader.AllProtocols), "whom to reach", OptionKinds.ConnectTimeout(orIfNot: null))
    {
    }

    public static Command Create(CliEnvironment environment)
    {
        ConnectCommand connect = new(environment);
        Command command = new("connect", "Connect, and send standard input; what the peer sends goes to standard output.");
        return connect.Build(command, [connect._replyWait], connect._tls.AddTo).WithExamples(
            "sockeye connect tcp://127.0.0.1:8888",
            "printf 'GET / HTTP/1.0\\n\\n' | sockeye connect tcp://localhost:80 --crlf --timeout 5s",
            "sockeye connect tcp://127.0.0.1:9000 --frames length:4 --hex",
            "sockeye connect tls://example.com:443 --crlf --pcap talk.pcapng",
            "sockeye connect tcp://127.0.0.1:6379 --crlf --web",
            "sockeye connect wss://echo.example.com/chat --subprotocol chat --ping 30s",
            "echo hello | sockeye connect udp://127.0.0.1:9000 --reply-wait 500ms");
    }

    protected override TalkSettings Read(ParseResult parsed, Address address, TalkSettings settings)
    {
        if (address.EndPoint is IPEndPoint or DnsEndPoint && address.Port == 0)
            throw new UsageException($"{address} cannot be reached: port 0 is for listening on any free one");
        return settings with { ReplyWait = ReadReplyWait(parsed, address), ClientTls = _tls.Read(parsed, [address], Environment) };
    }

    protected override Task<int> RunAsync(ParseResult parsed, CliEnvironment environment, Address address, TalkSettings settings, Reporter reporter, StopSignals signals) => IsDatagram(address)
        ? new ConnectDatagrams(environment, settings, reporter).RunAsync(address, signals.Token)
        : new ConnectProgram(environment, settings, reporter).RunAsync(address, signals.Token);

    private TimeSpan ReadReplyWait(ParseResult parsed, Address address)
    {
        TimeSpan? given = parsed.GetValue(_replyWait);
        if (given is not null && !IsDatagram(address) && address.Scheme is not ("ws" or "wss"))
            throw new UsageException($"--reply-wait is for datagrams and WebSockets, and {address} is a connection with half-close; --linger is for those");
        return given ?? (IsDatagram(address) ? TalkSettings.ReplyWaitDefault : TimeSpan.Zero);
    }
}
