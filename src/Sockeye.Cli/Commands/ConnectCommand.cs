using System.CommandLine;
using Sockeye.Cli.Talking;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye connect ADDRESS</c></summary>
internal sealed class ConnectCommand
{
    private static readonly AddressReader Addresses = new("connect reaches", "cannot be reached", AddressReader.AllSockets);

    private readonly CliEnvironment _environment;
    private readonly TalkOptions _options = new("how long connecting may take, as in 5s (exit code 4)");
    private readonly Argument<string> _address = new("ADDRESS") { Description = "whom to reach: tcp://HOST:PORT, udp://HOST:PORT, unix://PATH, …" };

    private ConnectCommand(CliEnvironment environment) => _environment = environment;

    public static Command Create(CliEnvironment environment)
    {
        ConnectCommand connect = new(environment);
        Command command = new("connect", "Connect, and send standard input; what the peer sends goes to standard output.") { connect._address };
        connect._options.AddTo(command);
        command.SetAction((parsed, _) => connect.RunAsync(command, parsed));
        return command.WithExamples(
            "sockeye connect tcp://127.0.0.1:8888",
            "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | sockeye connect tcp://localhost:80");
    }

    private async Task<int> RunAsync(Command command, ParseResult parsed)
    {
        Address address = Addresses.Read(command, parsed.GetValue(_address)!);
        TalkSettings settings = _options.Read(parsed);
        using StopSignals signals = _environment.StopSignals();
        await using Reporter reporter = _options.OpenReporter(parsed, _environment);
        return await new ConnectProgram(_environment, settings, reporter).RunAsync(address, signals.Token);
    }
}
