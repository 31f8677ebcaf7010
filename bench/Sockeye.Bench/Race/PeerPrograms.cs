using System.Diagnostics;

namespace Sockeye.Bench.Race;

/// <summary>The programs of bench/peers, built when they are first asked for and whenever their sources have changed.</summary>
internal sealed class PeerPrograms
{
    private readonly string _sources;
    private readonly string _output;

    /// <param name="output">The folder they are built in; null: the checkout's own.</param>
    public PeerPrograms(string? output)
    {
        string root = FindRoot();
        _sources = Path.Combine(root, "bench", "peers");
        _output = Directory.CreateDirectory(output ?? Path.Combine(root, ".build", "race")).FullName;
    }

    /// <summary>The load generator.</summary>
    public string Load => Built("load", [.. Directory.GetFiles(Path.Combine(_sources, "load"))], Compile, "gcc");

    /// <summary>A server in C.</summary>
    public string InC(string name) => Built(name, [PathOf($"{name}.c"), PathOf("peer.h")], Compile, IsOnLiburing(name) ? ["gcc", "liburing"] : ["gcc"]);

    /// <summary>A server in Go.</summary>
    public string InGo(string name) => Built(name, [PathOf("echo.go")], (sources, output) => new("go", ["build", "-o", output, .. sources]), "go");

    /// <summary>A server in Python, on asyncio's own loop or on uvloop.</summary>
    public static ProcessStartInfo InPython(string loop, EchoPlace place)
    {
        string debians = "/usr/bin/python3"; // which has Debian's uvloop
        if (!File.Exists(debians))
            Tool.Require("python3");
        string script = Path.Combine(FindRoot(), "bench", "peers", "echo-asyncio.py");
        string[] path = place.Path is null ? [] : [place.Path];
        return new(File.Exists(debians) ? debians : "python3", [script, loop, place.Scheme, .. path]);
    }

    private static bool IsOnLiburing(string program) => program.EndsWith("-uring", StringComparison.Ordinal);

    private static ProcessStartInfo Compile(string[] sources, string output)
    {
        string[] units = [.. sources.Where(source => source.EndsWith(".c", StringComparison.Ordinal))];
        string[] libraries = units.Any(unit => IsOnLiburing(Path.GetFileNameWithoutExtension(unit))) ? ["-luring"] : [];
        return new("gcc", ["-O2", "-std=gnu11", "-Wall", "-Wextra", "-pthread", "-o", output, .. units, .. libraries]);
    }

    private string PathOf(string source) => Path.Combine(_sources, source);

    private string Built(string name, string[] sources, Func<string[], string, ProcessStartInfo> build, params string[] tools)
    {
        string program = Path.Combine(_output, name);
        if (File.Exists(program) && sources.All(source => File.GetLastWriteTimeUtc(source) < File.GetLastWriteTimeUtc(program)))
            return program;

        Tool.Require(tools);

        // Under a name of its own first: two races may build at once.
        string made = $"{program}.{Environment.ProcessId}";
        Run(build(sources, made));
        File.Move(made, program, overwrite: true);
        return program;
    }

    private static void Run(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new LeftOutException($"{start.FileName} failed: {errors.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal)) ?? errors}");
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Sockeye.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"no Sockeye.slnx above {AppContext.BaseDirectory}");
    }
}
