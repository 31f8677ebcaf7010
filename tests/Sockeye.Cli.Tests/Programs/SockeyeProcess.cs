using System.Diagnostics;
using Sockeye.Cli.Commands;
using Sockeye.Cli.Tests.Eof;

namespace Sockeye.Cli.Tests.Programs;

/// <summary>The built program, as its own process: its lines can be waited for, and it can be sent signals.</summary>
internal sealed class SockeyeProcess : IDisposable
{
    public const string Interrupt = "INT";
    public const string Terminate = "TERM";
    public const string HangUp = "HUP";

    private static readonly string DotNet =
        Environment.ProcessPath is { } path && Path.GetFileName(path).StartsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet";

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Sockeye.Cli.dll");

    private readonly Process _process;
    private readonly Task _reading;

    private SockeyeProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, Output), ReadAsync(process.StandardError, Errors, Notes));
    }

    /// <summary>The program as either side of a connection.</summary>
    public static EofSubject EofSubject { get; } = new(
        "sockeye", DotNet, (role, transport) => [Program, role == EofRole.Client ? "connect" : "listen", transport.Address, "--quiet", .. transport.Arguments(role)]);

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    public Lines Output { get; } = new();

    /// <summary>What came on standard error, but for <see cref="Notes"/>.</summary>
    public Lines Errors { get; } = new();

    /// <summary>What it says of its reactors there: that is the machine's doing, and comes on some and not on others.</summary>
    public Lines Notes { get; } = new();

    public static SockeyeProcess Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    public static SockeyeProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new(Process.Start(StartInfo(environment, arguments))!);

    /// <summary>With streams as a shell redirects them.</summary>
    public static SockeyeProcess StartRedirected(string redirections, params string[] arguments) =>
        StartInShell($"exec \"$0\" \"$@\" {redirections}", arguments);

    /// <summary>By a script that finds the program in <c>$0</c>.</summary>
    public static SockeyeProcess StartInShell(string script, params string[] arguments)
    {
        ProcessStartInfo start = StartInfo(new Dictionary<string, string>(), arguments);
        string[] command = ["-c", script, start.FileName, .. start.ArgumentList];
        start.FileName = "/bin/sh";
        start.ArgumentList.Clear();
        foreach (string argument in command)
            start.ArgumentList.Add(argument);
        return new SockeyeProcess(Process.Start(start)!);
    }

    /// <summary>As the last words of another command, such as <c>unshare -n</c>.</summary>
    public static SockeyeProcess StartThrough(string[] wrapper, params string[] arguments)
    {
        ProcessStartInfo start = StartInfo(new Dictionary<string, string>(), arguments);
        string[] command = [.. wrapper[1..], start.FileName, .. start.ArgumentList];
        start.FileName = wrapper[0];
        start.ArgumentList.Clear();
        foreach (string argument in command)
            start.ArgumentList.Add(argument);
        return new SockeyeProcess(Process.Start(start)!);
    }

    /// <summary>Waits until it listens; gives the address.</summary>
    public async Task<Address> ListensAsync(string scheme = "tcp")
    {
        string line = await Errors.FindAsync("listening on ", scheme + "://");
        return Address.Parse(line["listening on ".Length..]);
    }

    /// <summary>Waits until it has nothing left to do but to wait itself.</summary>
    public async Task RestsAsync()
    {
        using CancellationTokenSource patience = new(Lines.Patience);
        await EofRest.WaitAsync(_process, patience.Token);
    }

    /// <summary>Types a line.</summary>
    public async Task TypeAsync(string line)
    {
        await _process.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Ends what is typed.</summary>
    public void EndInput() => _process.StandardInput.Close();

    public void Signal(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end; gives the exit code.</summary>
    public async Task<int> EndAsync()
    {
        using CancellationTokenSource patience = new(Lines.Patience);
        await _process.WaitForExitAsync(patience.Token);
        await _reading.WaitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        Output.Dispose();
        Errors.Dispose();
        Notes.Dispose();
    }

    private static ProcessStartInfo StartInfo(IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        ProcessStartInfo start = new(DotNet)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string argument in arguments.Prepend(Program))
            start.ArgumentList.Add(argument);
        start.Environment.Remove(CliEnvironment.DebugVariable);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return start;
    }

    private static async Task ReadAsync(StreamReader reader, Lines lines, Lines? notes = null)
    {
        while (await reader.ReadLineAsync() is { } line)
            (notes is not null && line.StartsWith(ReactorNotes.Beginning, StringComparison.Ordinal) ? notes : lines).Add(line);
        lines.Complete();
        notes?.Complete();
    }
}
