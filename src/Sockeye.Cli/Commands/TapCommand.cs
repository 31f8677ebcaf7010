using System.CommandLine;
using Sockeye.Cli.Capturing;
using Sockeye.Cli.Output;
using Sockeye.Cli.Relaying;
using Sockeye.Cli.Tapping;
using Sockeye.Eye;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye tap FROM... TO</c></summary>
internal static class TapCommand
{
    public static Command Create(CliEnvironment environment)
    {
        RelayOptions options = new("the lines of --view as one JSON object each, on standard output");
        TapOptions tapOptions = new();
        FaultCliOptions faults = new();
        EyeCliOptions eye = new();
        PcapCliOptions pcap = new(hasSides: true);
        TlsServerCliOptions serverTls = new();
        TlsClientCliOptions clientTls = new("target-");
        Argument<string[]> addresses = new("ADDRESS")
        {
            Description = "where to listen, one or more, and last the target: streams to a stream, datagrams to datagrams, of any kind; with tls:// or wss:// on either side what is inside is shown",
            Arity = ArgumentArity.OneOrMore,
        };
        Command command = new("tap", "Pass on what comes at addresses to a target as relay does, and show every byte of it.") { addresses };
        options.AddTo(command);
        tapOptions.AddTo(command);
        faults.AddTo(command);
        eye.AddTo(command);
        pcap.AddTo(command);
        serverTls.AddTo(command);
        clientTls.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            (IReadOnlyList<Address> from, Address to) = RelayAddresses.Read(command, parsed.GetValue(addresses)!);
            TlsServerOptions? tls = serverTls.Read(parsed, from, environment, to);
            TimeProvider time = environment.Network.TimeProvider;
            await using EyeRecorder? recorder = eye.CreateRecorder(parsed, time);

            FaultControl? control = faults.Read(parsed, [.. from, to], isChangeable: recorder is not null);
            await using TapView view = tapOptions.Open(parsed, options.IsJson(parsed), environment);
            RelaySettings settings = options.Read(parsed) with { Tls = tls, TargetTls = clientTls.Read(parsed, [to], environment), Observer = SocketObserver.Combine(view.Recorder, recorder), Faults = control };
            using StopSignals signals = environment.StopSignals();
            await using EventLog log = options.OpenNotices(parsed, environment);
            if (serverTls.Announcement(parsed, tls) is { } announcement)
                log.Write(announcement);
            await using EyePage? page = await eye.OpenAsync(parsed, recorder, RelayAddresses.Title(from, to), control, log, signals.Token);
            await using PcapRecording? recording = pcap.Open(parsed, environment, log.Write);
            settings = recording?.Observe(settings) ?? settings;
            RelayProgram program = new(environment.Network, to, settings, log);
            signals.Exiting += program.Close;
            return await RelayCommand.RunAsync(program, from, signals.Token);
        });
        return command.WithExamples(
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
}
