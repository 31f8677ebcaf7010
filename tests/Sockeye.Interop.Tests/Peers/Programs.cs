using System.Diagnostics;
using System.Globalization;

namespace Sockeye.Interop.Tests.Peers;

/// <summary>Starts the programs that the tests talk to. A test whose program is not installed is skipped.</summary>
internal static class Programs
{
    private const string SystemPython = "/usr/bin/python3";

    public static readonly string Root = FindRoot();
    private static readonly Lazy<bool> HasOpenBsdNetcat = new(AskNetcat);

    /// <summary>A script of the folder <c>python</c>.</summary>
    public static Peer Python(string script, params string[] arguments) => Peer.Start(
        File.Exists(SystemPython) ? SystemPython : Find("python3"),
        [Path.Combine(AppContext.BaseDirectory, "python", script), .. arguments]);

    /// <summary>A script of the folder <c>python</c> that needs a module which is not Python's own.</summary>
    public static Peer PythonWith(string module, string script, params string[] arguments)
    {
        if (!Directory.Exists($"/usr/lib/python3/dist-packages/{module}"))
            Assert.Skip($"Python's module {module} is not installed (Debian's package python3-{module}).");
        return Python(script, arguments);
    }

    /// <summary>A script of the folder <c>node</c>, which needs node's ws.</summary>
    public static Peer Node(string script, params string[] arguments)
    {
        if (!Directory.Exists("/usr/share/nodejs/ws"))
            Assert.Skip("node's ws is not installed (Debian's package node-ws).");

        // Debian's modules are found from anywhere only when they are named.
        return Peer.Start("env", ["NODE_PATH=/usr/share/nodejs", Find("node"), Path.Combine(AppContext.BaseDirectory, "node", script), .. arguments]);
    }

    /// <summary>A page of the folder <c>pages</c> in Chromium without a window; it finds the address behind the #.</summary>
    public static Peer Chromium(string profile, string page, string address) => Peer.Start(
        Find("chromium"),
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", $"--user-data-dir={profile}",
            $"file://{Path.Combine(AppContext.BaseDirectory, "pages", page)}#{Uri.EscapeDataString(address)}",
        ]);

    /// <summary>OpenBSD's nc: the others understand other options.</summary>
    public static Peer Netcat(params string[] arguments)
    {
        string program = Find("nc");
        if (!HasOpenBsdNetcat.Value)
            Assert.Skip("The nc here is not OpenBSD's (Debian's package netcat-openbsd).");
        return Peer.Start(program, arguments);
    }

    public static Peer Socat(params string[] arguments) => Peer.Start(Find("socat"), arguments);

    /// <summary>HAProxy is started by a script; this skips the test when there is none.</summary>
    public static void RequireHaproxy() => Find("haproxy");

    public static Peer OpenSsl(params string[] arguments) => Peer.Start(Find("openssl"), arguments);

    public static Peer Curl(params string[] arguments) => Peer.Start(Find("curl"), arguments);

    public static Peer Telnet(Address server) =>
        Peer.Start(Find("telnet"), [server.Host, server.Port.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>A program of the folder <c>samples</c>.</summary>
    public static Peer Sample(string name, params string[] arguments) => DotNet("samples", name, arguments);

    /// <summary>The <c>sockeye</c> program.</summary>
    public static Peer Sockeye(params string[] arguments) => DotNet("src", "Sockeye.Cli", arguments);

    /// <summary>bench/race, started without its script: by the file that starts itself again in other modes.</summary>
    public static Peer Race(params string[] arguments) => RaceOnPath(Environment.GetEnvironmentVariable("PATH") ?? "", arguments);

    /// <summary>The same where these folders have all the programs there are.</summary>
    public static Peer RaceOnPath(string path, params string[] arguments) => Peer.Start("env",
    [
        "--default-signal=INT",
        $"PATH={path}",
        $"DOTNET_ROOT={Path.GetDirectoryName(FindDotNet())}",
        $"SOCKEYE_PROGRAM={Path.ChangeExtension(PathOf("src", "Sockeye.Cli"), null)}",
        Path.ChangeExtension(PathOf("bench", "Sockeye.Bench"), null),
        "race",
        .. arguments,
    ]);

    /// <summary>The <c>sockeye</c> program on a terminal whose QR code is read by libzbar.</summary>
    public static Peer QrReader(params string[] arguments)
    {
        if (!Directory.Exists("/usr/share/doc/libzbar0"))
            Assert.Skip("libzbar is not installed (Debian's package libzbar0).");
        return Python("qr_terminal.py", ["env", "--default-signal=INT", FindDotNet(), PathOf("src", "Sockeye.Cli"), .. arguments]);
    }

    private static Peer DotNet(string folder, string name, string[] arguments)
    {
        // A shell that starts ./test in the background has it ignore Ctrl-C, which its children would inherit.
        return Peer.Start("env", ["--default-signal=INT", FindDotNet(), PathOf(folder, name), .. arguments]);
    }

    /// <summary>A program's file. It is built together with these tests: bin/Release/net10.0 here is bin/Release/net10.0 there.</summary>
    private static string PathOf(string folder, string name) =>
        Path.Combine(Root, folder, name, Path.GetRelativePath(Path.Combine(Root, "tests", "Sockeye.Interop.Tests"), AppContext.BaseDirectory), name + ".dll");

    /// <summary>The host that runs these tests, three folders above its framework.</summary>
    private static string FindDotNet() =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "dotnet"));

    public static string Find(string program)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
        if (path is null)
            Assert.Skip($"{program} is not installed.");
        return path;
    }

    private static bool AskNetcat()
    {
        using Process process = Process.Start(new ProcessStartInfo(Find("nc"), ["-h"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        string help = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return help.Contains("OpenBSD", StringComparison.Ordinal);
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Sockeye.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"No Sockeye.slnx above {AppContext.BaseDirectory}");
    }
}
