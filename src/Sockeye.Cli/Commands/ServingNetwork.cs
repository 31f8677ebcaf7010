namespace Sockeye.Cli.Commands;

/// <summary>The network of one run of a server, which ends with it.</summary>
internal sealed class ServingNetwork(CliEnvironment environment, LinuxNetwork? reactors) : IAsyncDisposable
{
    /// <summary>The world as the server shall see it.</summary>
    public CliEnvironment Environment { get; } = reactors is null ? environment : environment with { Network = reactors };

    public ValueTask DisposeAsync() => reactors?.DisposeAsync() ?? ValueTask.CompletedTask;
}
