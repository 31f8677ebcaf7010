using System.Diagnostics;
using System.Text.Json;

namespace Sockeye.Bench;

/// <summary>A process spoken to line by line, which ends with its standard input: this program in another mode, or a peer.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;
    private volatile string? _lastError; // of what is no line of a stack

    public Child(params string[] args)
        : this(new ProcessStartInfo(Environment.ProcessPath!, args))
    {
    }

    /// <summary>With its standard error redirected, the last line there is what an early end is told with.</summary>
    public Child(ProcessStartInfo start)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        _process = Process.Start(start)!;
        if (start.RedirectStandardError)
        {
            _process.ErrorDataReceived += (_, line) => _lastError = line.Data?.Trim() is { Length: > 0 } text && !text.StartsWith("at ", StringComparison.Ordinal) ? text : _lastError;
            _process.BeginErrorReadLine();
        }
    }

    public int Id => _process.Id;

    public string ReadLine()
    {
        if (_process.StandardOutput.ReadLine() is { } line)
            return line;
        _process.WaitForExit();
        throw new InvalidOperationException(_lastError ?? "a child process ended early");
    }

    public string Ask(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended; reading says why.
        }

        return ReadLine();
    }

    public Counters AskCounters(bool collect = false) => JsonSerializer.Deserialize<Counters>(Ask(collect ? "collect" : "read"))!;

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // What it was asked last it has not read: it has ended.
        }

        if (!_process.WaitForExit(5000))
            _process.Kill();
        _process.Dispose();
    }
}
