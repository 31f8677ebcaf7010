using System.CommandLine;
using Sockeye.Cli.Output;
using Sockeye.Cli.Relaying;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye relay FROM... TO</c></summary>
internal static class RelayCommand
{
    public static Command Create(CliEnvironment environment)
    {
        RelayOptions options = new();
        Argument<string[]> addresses = new("ADDRESS")
        {
            Description = "where to listen, one or more, and last the target: streams to a stream, datagrams to datagrams, of any kind; ?proxy=v1 or ?proxy=v2 receives and sends PROXY headers",
            Arity = ArgumentArity.OneOrMore,
        };
        Command command = new("relay", "Pass on what comes at addresses to a target, and its answers back.") { addresses };
        options.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(environment, command, options, parsed, parsed.GetValue(addresses)!));
        return command.WithExamples(
            "sockeye relay tcp://127.0.0.1:8080 tcp://example.com:80",
            "sockeye relay tcp://127.0.0.1:8080 unix://app.sock",
            "sockeye relay tcp://*:8080 tcp://10.0.0.2:80?proxy=v2 --limit-per-address 20 --idle 5m",
            "sockeye relay udp://127.0.0.1:5300 udp://9.9.9.9:53");
    }

    private static async Task<int> RunAsync(CliEnvironment environment, Command command, RelayOptions options, ParseResult parsed, string[] texts)
    {
        (IReadOnlyList<Address> from, Address to) = RelayAddresses.Read(command, texts);
        using StopSignals signals = environment.StopSignals();
        bool isJson = options.IsJson(parsed);
        TextWriter? output = options.IsQuiet(parsed) ? null : isJson ? environment.Output : environment.Error;
        await using EventLog log = new(output, isJson ? new JsonFormat() : new TextFormat(environment.Columns), environment.Network.TimeProvider);
        try
        {
            await new RelayProgram(environment.Network, to, options.Read(parsed), log).RunAsync(from, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            // Asked to stop before it had begun: for a server that is an end like any other.
        }

        return ExitCodes.Done;
    }
}
