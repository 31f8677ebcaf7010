using System.Diagnostics;
using System.Text;

namespace Sockeye.Repository.Tests.Launching;

/// <summary>A program being run: its output is collected, its error lines can be waited for.</summary>
internal sealed class Command : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Dictionary<string, TaskCompletionSource> _awaited = [];
    private readonly Task<string> _output;
    private readonly Task _reading;

    private Command(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        _reading = ReadErrorsAsync();
    }

    public static Command Start(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> environment, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        var command = new Command(Process.Start(start)!);
        command._process.StandardInput.Write(input);
        command._process.StandardInput.Close();
        return command;
    }

    /// <summary>Completes when a line of the error output contains the text.</summary>
    public Task SaysAsync(string text) => FindAsync(text).WaitAsync(Deadline, TestContext.Current.CancellationToken);

    public async Task<CommandResult> EndAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        await _process.WaitForExitAsync(deadline.Token);
        string output = await _output;
        await _reading;
        return new CommandResult(_process.ExitCode, output, _errors.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private Task FindAsync(string text)
    {
        lock (_errors)
        {
            if (_errors.ToString().Contains(text, StringComparison.Ordinal))
                return Task.CompletedTask;
            if (!_awaited.TryGetValue(text, out TaskCompletionSource? source))
                _awaited[text] = source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return source.Task;
        }
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lock (_errors)
            {
                _errors.Append(line).Append('\n');
                foreach (TaskCompletionSource source in _awaited.Where(one => line.Contains(one.Key, StringComparison.Ordinal)).Select(one => one.Value))
                    source.TrySetResult();
            }
        }
    }
}
