using System.Diagnostics;
using System.Text.Json;

namespace Sockeye.Bench;

/// <summary>A process of this program in another mode, spoken to line by line.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    public Child(params string[] args)
    {
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, args) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    public string ReadLine() => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("a child process ended early");

    public string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return ReadLine();
    }

    public Counters AskCounters(bool collect = false) => JsonSerializer.Deserialize<Counters>(Ask(collect ? "collect" : "read"))!;

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
            _process.Kill();
        _process.Dispose();
    }
}
