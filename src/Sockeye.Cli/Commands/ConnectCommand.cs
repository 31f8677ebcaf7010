using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Sockeye.Cli.Talking;
using Sockeye.Cli.Talking.Datagrams;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye connect ADDRESS</c></summary>
internal sealed class ConnectCommand
{
    private static readonly AddressReader Addresses = new("connect reaches", "cannot be reached", AddressReader.AllSockets);

    private readonly CliEnvironment _environment;
    private readonly TalkOptions _options = new(OptionKinds.ConnectTimeout(orIfNot: null));
    private readonly TlsClientCliOptions _tls = new();
    private readonly Option<TimeSpan?> _replyWait = OptionKinds.Time(
        "--reply-wait", $"datagrams: how long to wait for answers after the end of the input; {Duration.Print(TalkSettings.ReplyWaitDefault)} if not given", TimeSpan.Zero);

    private readonly Argument<string> _address = new("ADDRESS") { Description = "whom to reach: tcp://HOST:PORT, tls://HOST:PORT, udp://HOST:PORT, unix://PATH, …" };

    private ConnectCommand(CliEnvironment environment) => _environment = environment;

    public static Command Create(CliEnvironment environment)
    {
        ConnectCommand connect = new(environment);
        Command command = new("connect", "Connect, and send standard input; what the peer sends goes to standard output.") { connect._address, connect._replyWait };
        connect._options.AddTo(command);
        connect._tls.AddTo(command);
        command.SetAction((parsed, _) => connect.RunAsync(command, parsed));
        return command.WithExamples(
            "sockeye connect tcp://127.0.0.1:8888",
            "printf 'GET / HTTP/1.0\\n\\n' | sockeye connect tcp://localhost:80 --crlf --timeout 5s",
            "sockeye connect tcp://127.0.0.1:9000 --frames length:4 --hex",
            "echo hello | sockeye connect udp://127.0.0.1:9000 --reply-wait 500ms");
    }

    private async Task<int> RunAsync(Command command, ParseResult parsed)
    {
        Address address = Addresses.Read(command, parsed.GetValue(_address)!);
        if (address.EndPoint is IPEndPoint or DnsEndPoint && address.Port == 0)
            throw new UsageException($"{address} cannot be reached: port 0 is for listening on any free one");
        TalkSettings settings = _options.Read(parsed, _environment) with { ReplyWait = parsed.GetValue(_replyWait) ?? TalkSettings.ReplyWaitDefault };
        bool isDatagram = address.SocketType == SocketType.Dgram;
        if (isDatagram)
            _options.RefuseForDatagrams(parsed, address);
        else if (parsed.GetValue(_replyWait) is not null)
            throw new UsageException($"--reply-wait is for datagrams, and {address} is a connection; --linger is for those");
        if (!isDatagram)
            settings = settings with { ClientTls = _tls.Read(parsed, [address], _environment) };
        using StopSignals signals = _environment.StopSignals();
        await using Reporter reporter = _options.OpenReporter(parsed, _environment, signals.Token);
        return await (isDatagram
            ? new ConnectDatagrams(_environment, settings, reporter).RunAsync(address, signals.Token)
            : new ConnectProgram(_environment, settings, reporter).RunAsync(address, signals.Token));
    }
}
