using System.CommandLine;
using Sockeye.Cli.Output;
using Sockeye.Cli.Tapping;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye tap FROM... TO</c></summary>
internal sealed class TapCommand : RelayingCommand
{
    private readonly TapOptions _options = new();

    private TapCommand(CliEnvironment environment)
        : base(environment, new RelayOptions("the lines of --view as one JSON object each, on standard output"), "with tls:// or wss:// on either side what is inside is shown")
    {
    }

    public static Command Create(CliEnvironment environment)
    {
        TapCommand tap = new(environment);
        return tap.Build(new Command("tap", "Pass on what comes at addresses to a target as relay does, and show every byte of it.")).WithExamples(
            "sockeye tap tcp://127.0.0.1:5433 tcp://127.0.0.1:5432",
            "sockeye tap tcp://127.0.0.1:5433 tcp://127.0.0.1:5432 --web",
            "sockeye tap tcp://127.0.0.1:6380 tcp://127.0.0.1:6379 --view sequence",
            "sockeye tap tcp://127.0.0.1:7000 tcp://127.0.0.1:7001 --frames lines",
            "sockeye tap tcp://127.0.0.1:7000 tcp://127.0.0.1:7001 --fault slice=1",
            "sockeye tap unix://tap.sock unix://app.sock --hex",
            "sockeye tap tls://127.0.0.1:8443 tls://example.com:443 --self-signed --json",
            "sockeye tap tcp://127.0.0.1:5433 tcp://127.0.0.1:5432 --pcap talk.pcapng --pcap-size 100MB",
            "sockeye tap udp://127.0.0.1:5300 udp://9.9.9.9:53");
    }

    protected override void AddOwnTo(Command command) => _options.AddTo(command);

    protected override EventLog OpenLog(ParseResult parsed) => Options.OpenNotices(parsed, Environment);

    protected override TapView OpenView(ParseResult parsed, EventLog log) => _options.Open(parsed, Options.IsJson(parsed), Environment, log);
}
