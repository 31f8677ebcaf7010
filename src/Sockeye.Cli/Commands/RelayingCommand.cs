using System.CommandLine;
using Sockeye.Cli.Capturing;
using Sockeye.Cli.Output;
using Sockeye.Cli.Relaying;
using Sockeye.Cli.Tapping;
using Sockeye.Cli.Viewing;

namespace Sockeye.Cli.Commands;

/// <summary>What <c>sockeye relay</c> and <c>sockeye tap</c> do alike: where to listen and a target, the options of both, and a run until they are asked to stop.</summary>
/// <param name="environment">What the program has of the world.</param>
/// <param name="options">The options of both.</param>
/// <param name="remarks">What there is to say about the addresses.</param>
internal abstract class RelayingCommand(CliEnvironment environment, RelayOptions options, string remarks)
{
    private readonly TlsServerCliOptions _serverTls = new();
    private readonly TlsClientCliOptions _clientTls = new("target-");
    private readonly FaultCliOptions _faults = new();
    private readonly EyeCliOptions _eye = new();
    private readonly PcapCliOptions _pcap = new(hasSides: true);
    private readonly NetworkCliOptions _network = new();
    private readonly Argument<string[]> _addresses = new("ADDRESS")
    {
        Description = $"where to listen, one or more, and last the target: streams to a stream, datagrams to datagrams, of any kind; {remarks}",
        Arity = ArgumentArity.OneOrMore,
    };

    protected CliEnvironment Environment => environment;

    protected RelayOptions Options => options;

    /// <summary>Gives the command its arguments and options, in the order in which its help shows them, and what it does.</summary>
    protected Command Build(Command command)
    {
        command.Add(_addresses);
        options.AddTo(command);
        AddOwnTo(command);
        _faults.AddTo(command);
        _eye.AddTo(command);
        _pcap.AddTo(command);
        _network.AddTo(command);
        _serverTls.AddTo(command);
        _clientTls.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(command, parsed));
        return command;
    }

    /// <summary>Adds the verb's own options.</summary>
    protected virtual void AddOwnTo(Command command)
    {
    }

    /// <summary>Where it is told what happens.</summary>
    protected abstract EventLog OpenLog(ParseResult parsed);

    /// <summary>What shows what passes on standard output; null: nothing.</summary>
    /// <exception cref="UsageException">There is no such view.</exception>
    protected virtual TapView? OpenView(ParseResult parsed, EventLog log) => null;

    private async Task<int> RunAsync(Command command, ParseResult parsed)
    {
        (IReadOnlyList<Address> from, Address to) = RelayAddresses.Read(command, parsed.GetValue(_addresses)!);
        TlsServerOptions? tls = _serverTls.Read(parsed, from, environment, to);
        FaultControl? faults = _faults.Read(parsed, [.. from, to], isChangeable: _eye.IsAskedFor(parsed));
        await using EventLog log = OpenLog(parsed);
        await using TapView? view = OpenView(parsed, log);
        RelaySettings settings = options.Read(parsed) with { Tls = tls, TargetTls = _clientTls.Read(parsed, [to], environment), Faults = faults };
        using StopSignals signals = environment.StopSignals();
        await using ServingNetwork serving = _network.Open(parsed, environment);
        if (_serverTls.Announcement(parsed, tls) is { } announcement)
            log.Write(announcement);
        await using EyeView? page = await _eye.OpenAsync(parsed, environment, RelayAddresses.Title(from, to), faults, log.Write, signals.Token);
        await using PcapRecording? recording = _pcap.Open(parsed, environment, log.Write);
        settings = settings with
        {
            Observer = SocketObserver.Combine(view?.Recorder, page?.Recorder),
            Numbers = view?.Numbers ?? page?.Numbers,
            ShowsEnds = view?.Recorder is not null && environment.IsOutputTerminal && environment.IsErrorTerminal,
        };
        RelayProgram program = new(serving.Environment.Network, to, recording?.Observe(settings) ?? settings, log);
        signals.Exiting += program.Close;
        try
        {
            await program.RunAsync(from, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            // Asked to stop before it had begun: for a server that is an end like any other.
        }

        return ExitCodes.Done;
    }
}
