using Sockeye.Cli.Commands;

namespace Sockeye.Cli.Tests.Tapping;

/// <summary>A command that runs in this process until it is asked to stop.</summary>
internal sealed class RunningCommand : IAsyncDisposable
{
    private readonly StopSignals _signals = new(_ => { }, TimeProvider.System);
    private Task<int> _running = Task.FromResult(0);

    public Lines Output { get; } = new();

    public Lines Error { get; } = new();

    public static RunningCommand Start(params string[] arguments)
    {
        RunningCommand command = new();
        command._running = CommandLine.RunAsync(arguments, new CliEnvironment { Output = command.Output, Error = command.Error, StopSignals = () => command._signals });
        return command;
    }

    /// <summary>Where it listens.</summary>
    public async Task<Address> AddressAsync()
    {
        const string Word = "listening on ";
        string line = await Error.FindAsync(Word);
        return line[(line.IndexOf(Word, StringComparison.Ordinal) + Word.Length)..];
    }

    /// <summary>Asks it to stop, as Ctrl-C does; its exit code.</summary>
    public Task<int> StopAsync()
    {
        if (!_running.IsCompleted)
            _signals.Request();
        return _running.WaitAsync(Lines.Patience);
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
