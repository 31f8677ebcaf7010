using System.CommandLine;
using Sockeye.Cli.Capturing;
using Sockeye.Cli.Output;
using Sockeye.Cli.Relaying;
using Sockeye.Eye;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye relay FROM... TO</c></summary>
internal static class RelayCommand
{
    public static Command Create(CliEnvironment environment)
    {
        RelayOptions options = new();
        TlsServerCliOptions serverTls = new();
        TlsClientCliOptions clientTls = new("target-");
        FaultCliOptions faults = new();
        PcapCliOptions pcap = new(hasSides: true);
        EyeCliOptions eye = new();
        Argument<string[]> addresses = new("ADDRESS")
        {
            Description = "where to listen, one or more, and last the target: streams to a stream, datagrams to datagrams, of any kind; tls:// and wss:// take TLS off or put it on, ws:// WebSocket; ?proxy=v1 or ?proxy=v2 receives and sends PROXY headers",
            Arity = ArgumentArity.OneOrMore,
        };
        Command command = new("relay", "Pass on what comes at addresses to a target, and its answers back.") { addresses };
        options.AddTo(command);
        serverTls.AddTo(command);
        clientTls.AddTo(command);
        faults.AddTo(command);
        pcap.AddTo(command);
        eye.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            (IReadOnlyList<Address> from, Address to) = RelayAddresses.Read(command, parsed.GetValue(addresses)!);
            TlsServerOptions? tls = serverTls.Read(parsed, from, environment, to);
            await using EyeRecorder? recorder = eye.CreateRecorder(parsed, environment.Network.TimeProvider);
            FaultControl? control = faults.Read(parsed, [.. from, to], isChangeable: recorder is not null);
            RelaySettings settings = options.Read(parsed) with
            {
                Tls = tls,
                TargetTls = clientTls.Read(parsed, [to], environment),
                Faults = control,
                Observer = recorder,
            };
            using StopSignals signals = environment.StopSignals();
            await using EventLog log = options.OpenLog(parsed, environment);
            if (serverTls.Announcement(parsed, tls) is { } announcement)
                log.Write(announcement);
            await using PcapRecording? recording = pcap.Open(parsed, environment, log.Write);
            settings = recording?.Observe(settings) ?? settings;
            await using EyePage? page = await eye.OpenAsync(parsed, recorder, RelayAddresses.Title(from, to), control, log, signals.Token);
            RelayProgram program = new(environment.Network, to, settings, log);
            signals.Exiting += program.Close;
            return await RunAsync(program, from, signals.Token);
        });
        return command.WithExamples(
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

    /// <summary>Runs it until it is asked to stop.</summary>
    public static async Task<int> RunAsync(RelayProgram program, IReadOnlyList<Address> from, CancellationToken stop)
    {
        try
        {
            await program.RunAsync(from, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop before it had begun: for a server that is an end like any other.
        }

        return ExitCodes.Done;
    }
}
