using Sockeye.Cli.Commands;

namespace Sockeye.Cli.Tests.Tapping;

/// <summary>A command that runs in this process until it is asked to stop.</summary>
internal sealed class RunningCommand : IAsyncDisposable
{
    private readonly StopSignals _signals = new(_ => { }, TimeProvider.System);
    private Task<int> _running = Task.FromResult(0);

    public Lines Output { get; } = new();

    public Lines Error { get; } = new();

    public static RunningCommand Start(params string[] arguments) => Start(environment => environment, arguments);

    /// <param name="change">Gives it another world, as one with a terminal.</param>
    /// <param name="arguments">The command line.</param>
    public static RunningCommand Start(Func<CliEnvironment, CliEnvironment> change, params string[] arguments)
    {
        RunningCommand command = new();
        CliEnvironment environment = new() { Output = command.Output, Error = command.Error, StopSignals = () => command._signals };
        command._running = CommandLine.RunAsync(arguments, change(environment));
        return command;
    }

    /// <summary>Its exit code, when it ends by itself.</summary>
    public Task<int> EndAsync() => _running.WaitAsync(Lines.Patience);

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
