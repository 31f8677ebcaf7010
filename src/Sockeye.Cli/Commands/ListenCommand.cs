using System.CommandLine;
using Sockeye.Cli.Talking;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye listen ADDRESS</c></summary>
internal sealed class ListenCommand
{
    private static readonly AddressReader Addresses = new("listen takes", "cannot be listened on", AddressReader.AllSockets);

    private readonly CliEnvironment _environment;
    private readonly TalkOptions _options = new("how long to wait for a client, as in 30s (exit code 4)");
    private readonly Option<bool> _keepOpen = OptionKinds.Flag("--keep-open", "serve the next client after this one");
    private readonly Argument<string> _address = new("ADDRESS") { Description = "where to listen: tcp://HOST:PORT, udp://HOST:PORT, unix://PATH, …" };

    private ListenCommand(CliEnvironment environment) => _environment = environment;

    public static Command Create(CliEnvironment environment)
    {
        ListenCommand listen = new(environment);
        Command command = new("listen", "Wait for a client, and send it standard input; what it sends goes to standard output.") { listen._address, listen._keepOpen };
        listen._options.AddTo(command);
        command.SetAction((parsed, _) => listen.RunAsync(command, parsed));
        return command.WithExamples(
            "sockeye listen tcp://127.0.0.1:8888",
            "sockeye listen tcp://*:8888 < file");
    }

    private async Task<int> RunAsync(Command command, ParseResult parsed)
    {
        Address address = Addresses.Read(command, parsed.GetValue(_address)!);
        TalkSettings settings = _options.Read(parsed) with { KeepOpen = parsed.GetValue(_keepOpen) };
        using StopSignals signals = _environment.StopSignals();
        await using Reporter reporter = _options.OpenReporter(parsed, _environment);
        try
        {
            return await new ListenProgram(_environment, settings, reporter).RunAsync(address, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            // Asked to stop while nobody was there: for a listener that is an end like any other.
            return ExitCodes.Done;
        }
    }
}
