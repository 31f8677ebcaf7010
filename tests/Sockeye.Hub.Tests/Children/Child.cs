using System.Diagnostics;

namespace Sockeye.Hub.Tests.Children;

/// <summary>A process that runs a part of this program; killed with the test.</summary>
internal sealed class Child : IDisposable
{
    /// <summary>For a machine that is busy with much else: a test that works never waits for it.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly Process _process;

    private Child(Process process) => _process = process;

    public static Child Start(params string[] arguments) => StartThrough([], arguments);

    /// <summary>As the last words of another command, such as <c>strace</c>.</summary>
    public static Child StartThrough(string[] wrapper, params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Sockeye.Hub.Tests.dll");
        string dotnet = Environment.ProcessPath is { } path && Path.GetFileName(path).StartsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet";
        string[] command = [.. wrapper, dotnet, program, .. arguments];
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        return new Child(Process.Start(start)!);
    }

    public int Id => _process.Id;

    /// <summary>The next line it prints; null: there is none.</summary>
    public async Task<string?> ReadLineAsync()
    {
        using CancellationTokenSource limit = new(Deadline);
        return await _process.StandardOutput.ReadLineAsync(limit.Token);
    }

    /// <summary>Ends it as the kernel does when memory is short: at once.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Waits for its end: its exit code, and what it printed and was not read yet.</summary>
    public async Task<(int Code, string Output, string Errors)> EndAsync()
    {
        _process.StandardInput.Close();
        using CancellationTokenSource limit = new(Deadline);
        Task<string> errors = _process.StandardError.ReadToEndAsync(limit.Token);
        string output = await _process.StandardOutput.ReadToEndAsync(limit.Token);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, output, await errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
