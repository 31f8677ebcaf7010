using System.CommandLine;
using System.Net;
using Sockeye.Cli.Tracing;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye trace ADDRESS</c></summary>
internal sealed class TraceCommand
{
    private static readonly AddressReader Addresses = new("trace follows", "cannot be traced", AddressReader.AllProtocols);

    private readonly CliEnvironment _environment;
    private readonly TraceOptions _options = new();
    private readonly Argument<string> _address = new("ADDRESS") { Description = "whom to reach: tcp://HOST:PORT, tls://…, wss://…, udp://…, unix://PATH, …" };

    private TraceCommand(CliEnvironment environment) => _environment = environment;

    public static Command Create(CliEnvironment environment)
    {
        TraceCommand trace = new(environment);
        Command command = new("trace", "The life of a connection as a timeline: names, addresses, handshakes, bytes, the kernel's numbers, and the close.") { trace._address };
        trace._options.AddTo(command);
        command.SetAction((parsed, _) => trace.RunAsync(command, parsed));
        return command.WithExamples(
            "sockeye trace tcp://localhost:8080 --send 'hello\\n'",
            "sockeye trace tcp://example.org:80 --send 'GET / HTTP/1.0\\r\\n\\r\\n' --let-peer-end",
            "sockeye trace tls://example.org:443 --alpn http/1.1",
            "sockeye trace udp://127.0.0.1:9000 --send '\\x01\\x02' --wait 200ms --json");
    }

    private async Task<int> RunAsync(Command command, ParseResult parsed)
    {
        Address address = Addresses.Read(command, parsed.GetValue(_address)!);
        if (address.EndPoint is IPEndPoint or DnsEndPoint && address.Port == 0)
            throw new UsageException($"{address} cannot be reached: port 0 is for listening on any free one");
        TraceSettings settings = _options.Read(parsed, address, _environment);
        using StopSignals signals = _environment.StopSignals();
        using PacketCapture? stamping = Segments.StartStamping(settings.OpenCapture);
        if (_environment.Network == Network.Host)
            await Rehearsal.RunAsync(signals.Token);
        return await new TraceProgram(_environment.Network, settings, _environment.Output, _options.OpenReport(parsed, _environment)).RunAsync(address, signals.Token);
    }
}
