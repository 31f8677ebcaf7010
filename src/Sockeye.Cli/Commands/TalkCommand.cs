using System.CommandLine;
using System.Net.Sockets;
using Sockeye.Cli.Capturing;
using Sockeye.Cli.Talking;
using Sockeye.Cli.Viewing;

namespace Sockeye.Cli.Commands;

/// <summary>
/// What <c>sockeye connect</c> and <c>sockeye listen</c> do alike: an address, the options of both, and a run with a reporter that can be asked to stop.
/// </summary>
internal abstract class TalkCommand
{
    private readonly TalkOptions _options;
    private readonly WebSocketCliOptions _webSocket;
    private readonly PcapCliOptions _pcap = new();
    private readonly EyeCliOptions _eye = new(end: "when all is over it stays as long as a browser looks");
    private readonly AddressReader _addresses;
    private readonly Argument<string> _address;

    /// <param name="environment">What the program has of the world.</param>
    /// <param name="isServer">Which side it is.</param>
    /// <param name="addresses">Says which addresses there are.</param>
    /// <param name="purpose">What the address is for.</param>
    /// <param name="timeout">What the verb means by a time-out.</param>
    protected TalkCommand(CliEnvironment environment, bool isServer, AddressReader addresses, string purpose, Option<TimeSpan?> timeout)
    {
        Environment = environment;
        _options = new TalkOptions(timeout);
        _webSocket = new WebSocketCliOptions(isServer);
        _addresses = addresses;
        _address = new Argument<string>("ADDRESS") { Description = $"{purpose}: tcp://HOST:PORT, tls://HOST:PORT, ws://HOST:PORT/PATH, udp://HOST:PORT, unix://PATH, …" };
    }

    protected CliEnvironment Environment { get; }

    /// <summary>The verb's own options that are for connections only.</summary>
    protected virtual Option[] ConnectionOptions => [];

    protected static bool IsDatagram(Address address) => address.SocketType == SocketType.Dgram;

    /// <summary>Gives the command its arguments and options, in the order in which its help shows them, and what it does.</summary>
    /// <param name="command">With its description.</param>
    /// <param name="own">The verb's own options.</param>
    /// <param name="addTls">Adds those of its side of TLS.</param>
    protected Command Build(Command command, Option[] own, Action<Command> addTls)
    {
        command.Add(_address);
        foreach (Option option in own)
            command.Add(option);
        _options.AddTo(command);
        addTls(command);
        _webSocket.AddTo(command);
        _pcap.AddTo(command);
        _eye.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(command, parsed));
        return command;
    }

    /// <summary>Adds to the settings what the verb's own options say.</summary>
    /// <exception cref="UsageException">They do not go together, or not with the address.</exception>
    protected abstract TalkSettings Read(ParseResult parsed, Address address, TalkSettings settings);

    /// <summary>Does it; the exit code.</summary>
    protected abstract Task<int> RunAsync(ParseResult parsed, CliEnvironment environment, Address address, TalkSettings settings, Reporter reporter, StopSignals signals);

    /// <summary>The network it runs on. That of the environment, unless the verb has a choice.</summary>
    protected virtual ServingNetwork OpenNetwork(ParseResult parsed) => new(Environment, reactors: null);

    /// <exception cref="UsageException">One is about the standard streams, which a command takes the place of.</exception>
    protected void RefuseForCommands(ParseResult parsed) => _options.RefuseForCommands(parsed);

    private async Task<int> RunAsync(Command command, ParseResult parsed)
    {
        Address address = _addresses.Read(command, parsed.GetValue(_address)!);
        if (IsDatagram(address))
            _options.RefuseForDatagrams(parsed, address, ConnectionOptions);
        TalkSettings settings = Read(parsed, address, _options.Read(parsed, Environment, address, _webSocket));
        using StopSignals signals = Environment.StopSignals();
        await using ServingNetwork serving = OpenNetwork(parsed);
        await using Reporter reporter = _options.OpenReporter(parsed, Environment, signals.Token);
        await using EyeView? page = await _eye.OpenAsync(parsed, Environment, $"{address}", faults: null, reporter.Tell, signals.Token);
        page?.Observe(serving.Environment.Network);
        await using PcapRecording? recording = _pcap.Open(parsed, Environment, reporter.Tell);
        recording?.Observe(serving.Environment.Network);
        Task<int> running = RunAsync(parsed, serving.Environment, address, settings, reporter, signals);
        return await (page is null ? running : ShowAsync(page, running, reporter, signals.Token));
    }

    /// <summary>Whoever looks may go on looking when it is over, however it ended.</summary>
    private static async Task<int> ShowAsync(EyeView page, Task<int> running, Reporter reporter, CancellationToken stop)
    {
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await page.StayAsync(running.Exception?.InnerException?.Message, reporter.Tell, stop);
        return await running;
    }
}
