using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Bench.Hub;

/// <summary>A chat server in a process of its own: the hub with one of its stores, or an IRC server that people use today, its limits opened.</summary>
internal sealed class HubPeer : IDisposable
{
    /// <summary>The hub as it runs, the hub that keeps nothing, and the peers.</summary>
    private static readonly string[] Kinds = ["hub", "hub-memory", "ngircd", "inspircd"];

    private readonly Process _process;
    private readonly string _folder;
    private readonly string _kind;

    private HubPeer(Process process, string folder, int port, string kind) => (_process, _folder, Port, _kind) = (process, folder, port, kind);

    public int Port { get; }

    /// <summary>Whether it is ours; the others speak IRC.</summary>
    public bool IsHub => _kind.StartsWith("hub", StringComparison.Ordinal);

    /// <summary>
    /// How many come in at a time, as each takes them fastest: InspIRCd lets those who have come in once a second, and ngircd has room for ten who wait to
    /// be accepted.
    /// </summary>
    private int EnterAtATime => _kind == "ngircd" ? 1 : 500;

    public int ProcessId => _process.Id;

    public static string[] KindsOf(Settings settings)
    {
        string[] wanted = settings.Servers?.Split(',') ?? Kinds;
        return wanted.FirstOrDefault(kind => !Kinds.Contains(kind)) is { } unknown
            ? throw new ArgumentException($"there is no server {unknown}: {string.Join(", ", Kinds)}")
            : wanted;
    }

    /// <summary>Null when the program is not installed; the caller has been told how to get it.</summary>
    public static HubPeer? Start(string kind)
    {
        string folder = Directory.CreateTempSubdirectory("sockeye-bench-").FullName;
        if (kind.StartsWith("hub", StringComparison.Ordinal))
            return StartHub(kind, folder);
        int port = FreePort();
        ProcessStartInfo start = kind == "ngircd"
            ? new("ngircd", ["--nodaemon", "--config", Write(folder, IrcConfigurations.Ngircd(port))])
            : new("inspircd", ["--nofork", "--nolog", "--nopid", "--runasroot", "--config", Write(folder, IrcConfigurations.Inspircd(port))]);
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        try
        {
            HubPeer peer = new(Run(start), folder, port, kind);
            peer.WaitUntilItListens();
            return peer;
        }
        catch (System.ComponentModel.Win32Exception e) when (e is not SocketException)
        {
            Console.WriteLine($"  {kind}: not installed, left out; to have it: apt-get install {kind}");
            Directory.Delete(folder, recursive: true);
            return null;
        }
    }

    /// <summary>A process of people who come in here.</summary>
    public Child StartLoad() => new("hub-load", $"{Port}", IsHub ? "text" : "irc", $"{EnterAtATime}");

    /// <summary>What the hub has allocated and alive, after a full collection.</summary>
    public Counters AskCounters()
    {
        _process.StandardInput.WriteLine("collect");
        _process.StandardInput.Flush();
        return System.Text.Json.JsonSerializer.Deserialize<Counters>(_process.StandardOutput.ReadLine()!)!;
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static HubPeer StartHub(string kind, string folder)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, ["hub-server", kind, folder]) { RedirectStandardInput = true, RedirectStandardOutput = true };

        // As the sockeye program runs: what its runtimeconfig.json has, and this program's has otherwise.
        start.Environment["DOTNET_gcConcurrent"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        Process process = Process.Start(start)!;
        int port = int.Parse(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the hub ended early"));
        return new HubPeer(process, folder, port, kind);
    }

    /// <summary>What a server prints is of no interest, but it must not fill the pipe.</summary>
    private static Process Run(ProcessStartInfo start)
    {
        Process process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static string Write(string folder, string text)
    {
        string path = Path.Combine(folder, "ircd.conf");
        File.WriteAllText(path, text);
        return path;
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private void WaitUntilItListens()
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Connect(new IPEndPoint(IPAddress.Loopback, Port));
                return;
            }
            catch (SocketException) when (tries < 200 && !_process.HasExited)
            {
                Thread.Sleep(50);
            }
        }
    }
}
