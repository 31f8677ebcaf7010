using System.CommandLine;

namespace Sockeye.Cli.Commands;

/// <summary><c>--network</c> of the verbs that serve: whose threads wait for the sockets.</summary>
internal sealed class NetworkCliOptions
{
    private const string Host = "host";
    private const string Linux = "linux";

    private readonly Option<string?> _network = OptionKinds.Text(
        "--network",
        $"{Linux}: a thread a processor, on io_uring or epoll, that also does the work; {Host}: the thread pool; {Linux} on Linux if not given",
        "NAME");

    /// <param name="isRecursive">Whether the command's own commands have it too.</param>
    public NetworkCliOptions(bool isRecursive = false)
    {
        _network.Recursive = isRecursive;
        _network.CompletionSources.Add(Linux, Host);
    }

    public void AddTo(Command command) => command.Add(_network);

    /// <summary>Opens the network; disposed, it ends.</summary>
    /// <exception cref="UsageException">There is no such network, here or at all.</exception>
    public ServingNetwork Open(ParseResult parsed, CliEnvironment environment)
    {
        string? name = parsed.GetValue(_network);
        if (name is not (null or Host or Linux))
            throw new UsageException($"--network cannot be \"{name}\": it is {Linux} or {Host}");
        if (name == Linux && !LinuxNetwork.IsSupported)
            throw new UsageException($"--network {Linux} needs Linux: leave it out, or say {Host}");

        // Tests bring networks of their own.
        bool isHost = name == Host || (name is null && !LinuxNetwork.IsSupported) || environment.Network != Network.Host;
        if (isHost)
            return new ServingNetwork(environment, reactors: null);
        ReactorNotes notes = new(environment, isQuiet: OptionKinds.IsQuiet(parsed));
        LinuxNetwork reactors = new(notes.Options);
        notes.TellBackend(reactors);
        return new ServingNetwork(environment, reactors);
    }
}
