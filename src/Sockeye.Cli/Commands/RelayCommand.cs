using System.CommandLine;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye relay FROM... TO</c></summary>
internal sealed class RelayCommand : RelayingCommand
{
    private RelayCommand(CliEnvironment environment)
        : base(environment, new RelayOptions(), "tls:// and wss:// take TLS off or put it on, ws:// WebSocket; ?proxy=v1 or ?proxy=v2 receives and sends PROXY headers")
    {
    }

    public static Command Create(CliEnvironment environment)
    {
        RelayCommand relay = new(environment);
        return relay.Build(new Command("relay", "Pass on what comes at addresses to a target, and its answers back.")).WithExamples(
            "sockeye relay tcp://127.0.0.1:8080 tcp://example.com:80",
            "sockeye relay tcp://127.0.0.1:8080 unix://app.sock",
            "sockeye relay tcp://*:8080 tcp://10.0.0.2:80?proxy=v2 --limit-per-address 20 --idle 5m",
            "sockeye relay tls://*:443 tcp://127.0.0.1:8080 --cert server.pem",
            "sockeye relay tcp://127.0.0.1:8080 tls://example.com:443 --target-alpn http/1.1",
            "sockeye relay ws://127.0.0.1:8080 tcp://127.0.0.1:5900",
            "sockeye relay tcp://127.0.0.1:6380 tcp://127.0.0.1:6379 --fault \"delay=50ms±10ms, slice=1\"",
            "sockeye relay tls://127.0.0.1:8443 tcp://127.0.0.1:8080 --self-signed --pcap talk.pcapng --pcap-side both",
            "sockeye relay udp://127.0.0.1:5300 udp://9.9.9.9:53");
    }

    protected override EventLog OpenLog(ParseResult parsed) => Options.OpenLog(parsed, Environment);
}
