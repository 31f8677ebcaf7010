using System.Diagnostics;
using System.Text;

namespace Sockeye.Interop.Tests.Peers;

/// <summary>A real program at the other end: what it prints can be waited for, and it is ended with the test.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Process _process;
    private readonly string _command;
    private readonly OutputText _output = new();
    private readonly OutputText _errors = new();
    private readonly Task _collecting;

    private Peer(Process process, string command)
    {
        _process = process;
        _command = command;
        _collecting = Task.WhenAll(_output.CollectAsync(process.StandardOutput), _errors.CollectAsync(process.StandardError));
    }

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    /// <summary>All that it has printed.</summary>
    public string Output => _output.All;

    /// <summary>All that it has printed as errors.</summary>
    public string Errors => _errors.All;

    public static Peer Start(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
        };
        start.Environment["PYTHONUTF8"] = "1";
        start.Environment["PYTHONUNBUFFERED"] = "1";
        return new Peer(Process.Start(start)!, $"{Path.GetFileName(program)} {string.Join(' ', start.ArgumentList.Select(Path.GetFileName))}");
    }

    /// <summary>Waits until it prints a text, behind those that were waited for before.</summary>
    public Task SaysAsync(string text) => WithinAsync($"to print \"{text}\"", stop => FindAsync(_output, text, stop));

    /// <summary>Waits until it prints a text on its error output.</summary>
    public Task SaysOnErrorsAsync(string text) => WithinAsync($"to print \"{text}\" as an error", stop => FindAsync(_errors, text, stop));

    /// <summary>Waits until it prints a line that holds a text; what follows the text there.</summary>
    public Task<string> LineAfterAsync(string text) => LineAfterAsync(_output, text);

    /// <summary>Waits until it prints a line that holds a text on its error output; what follows the text there.</summary>
    public Task<string> ErrorLineAfterAsync(string text) => LineAfterAsync(_errors, text);

    /// <summary>Types a line.</summary>
    public Task TypeAsync(string line) => WriteAsync(line + "\n");

    /// <summary>Gives it input as it is.</summary>
    public async Task WriteAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Ends its input (Ctrl-D).</summary>
    public void EndInput() => _process.StandardInput.Close();

    /// <summary>What Ctrl-C does.</summary>
    public async Task InterruptAsync()
    {
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -INT {_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end: its exit code.</summary>
    public Task<int> EndAsync() => WithinAsync("to end", async stop =>
    {
        await _process.WaitForExitAsync(stop);
        await _collecting.WaitAsync(stop);
        return _process.ExitCode;
    });

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private Task<string> LineAfterAsync(OutputText output, string text) => WithinAsync($"to print a line with \"{text}\"", async stop =>
    {
        await FindAsync(output, text, stop);
        return (await FindAsync(output, "\n", stop)).TrimEnd('\r');
    });

    private static async Task<string> FindAsync(OutputText output, string text, CancellationToken stop) =>
        await output.FindAsync(text, stop) ?? throw new InvalidOperationException($"It ended without printing \"{text}\".");

    private async Task<T> WithinAsync<T>(string what, Func<CancellationToken, Task<T>> wait)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(Hang.Limit);
        try
        {
            return await wait(stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            throw new InvalidOperationException(
                $"Waited for {_command} {what}. {e.Message}\n--- it printed:\n{_output.All}\n--- and as errors:\n{_errors.All}", e);
        }
    }
}
