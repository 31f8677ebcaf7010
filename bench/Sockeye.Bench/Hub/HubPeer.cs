using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sockeye.Bench.Hub;

/// <summary>A chat server in a process of its own: the hub with one of its stores, or an IRC server that people use today, its limits opened.</summary>
internal sealed class HubPeer : IDisposable
{
    /// <summary>Behind a kind: its clients speak TLS to it.</summary>
    private const string TlsSuffix = "-tls";

    /// <summary>The hub as it runs, the hub that keeps nothing, and the peers.</summary>
    private static readonly string[] Kinds = ["hub", "hub-memory", "ngircd", "inspircd"];

    private readonly PeerServer _server;
    private readonly string _kind;

    private HubPeer(PeerServer server, string kind) => (_server, _kind) = (server, kind);

    public int Port => _server.Port;

    /// <summary>Whether it is ours; the others speak IRC.</summary>
    public bool IsHub => _kind.StartsWith("hub", StringComparison.Ordinal);

    private bool IsTls => HasTls(_kind);

    /// <summary>
    /// How many come in at a time, as each takes them fastest: InspIRCd lets those who have come in once a second, and ngircd has room for ten who wait to
    /// be accepted.
    /// </summary>
    private int EnterAtATime => _kind.StartsWith("ngircd", StringComparison.Ordinal) ? 1 : 500;

    public int ProcessId => _server.Process.Id;

    public static bool HasTls(string kind) => kind.EndsWith(TlsSuffix, StringComparison.Ordinal);

    /// <param name="settings">Where they may be named.</param>
    /// <param name="defaults">Who takes part otherwise; none: all without TLS.</param>
    public static string[] KindsOf(Settings settings, params string[] defaults)
    {
        string[] known = [.. Kinds, .. Kinds.Select(kind => kind + TlsSuffix)];
        string[] wanted = settings.Servers?.Split(',') ?? (defaults.Length == 0 ? Kinds : defaults);
        return wanted.FirstOrDefault(kind => !known.Contains(kind)) is { } unknown
            ? throw new ArgumentException($"there is no server {unknown}: {string.Join(", ", known)}")
            : wanted;
    }

    /// <summary>Null when the program is not installed; the caller has been told how to get it.</summary>
    public static HubPeer? Start(string kind)
    {
        string folder = PeerServer.CreateFolder();
        if (kind.StartsWith("hub", StringComparison.Ordinal))
            return StartHub(kind, folder);
        int port = PeerServer.FreePort();
        string program = kind.Split('-')[0];
        (string Certificate, string Key)? tls = HasTls(kind) ? WriteCertificate(folder) : null;
        ProcessStartInfo start = program == "ngircd"
            ? new(program, ["--nodaemon", "--config", PeerServer.Write(folder, "ircd.conf", IrcConfigurations.Ngircd(port, tls))])
            : new(program, ["--nofork", "--nolog", "--nopid", "--runasroot", "--config", PeerServer.Write(folder, "ircd.conf", IrcConfigurations.Inspircd(port, tls))]);
        if (PeerServer.TryStart(start, folder, port) is { } server)
            return new HubPeer(server, kind);
        Console.WriteLine($"  {kind}: not installed, left out; to have it: apt-get install {program}");
        return null;
    }

    /// <summary>A process of people who come in here.</summary>
    /// <param name="name">What all their names begin with, short, as IRC has nine characters.</param>
    public Child StartLoad(string name = "m") => new("hub-load", $"{Port}", IsHub ? "text" : "irc", IsTls ? "tls" : "tcp", $"{EnterAtATime}", name);

    /// <summary>What the hub has allocated and alive, after a full collection.</summary>
    public Counters AskCounters()
    {
        _server.Process.StandardInput.WriteLine("collect");
        _server.Process.StandardInput.Flush();
        return System.Text.Json.JsonSerializer.Deserialize<Counters>(_server.Process.StandardOutput.ReadLine()!)!;
    }

    public void Dispose() => _server.Dispose();

    private static HubPeer StartHub(string kind, string folder)
    {
        List<string> arguments = ["hub-server", kind, folder];
        if (HasTls(kind))
        {
            (string certificate, string key) = WriteCertificate(folder);
            arguments.AddRange([certificate, key]);
        }

        ProcessStartInfo start = new(Environment.ProcessPath!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };

        // As the sockeye program runs: what its runtimeconfig.json has, and this program's has otherwise.
        start.Environment["DOTNET_gcConcurrent"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        Process process = Process.Start(start)!;
        int port = int.Parse(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the hub ended early"));
        return new HubPeer(new PeerServer(process, folder, port), kind);
    }

    /// <summary>The same for all: a key of ECDSA P-256, signed by itself.</summary>
    private static (string Certificate, string Key) WriteCertificate(string folder)
    {
        using TlsCertificate made = TlsCertificate.CreateSelfSigned(["bench.example.net"]);
        using ECDsa key = made.Certificate.GetECDsaPrivateKey()!;
        return (PeerServer.Write(folder, "cert.pem", made.ExportPem()), PeerServer.Write(folder, "key.pem", key.ExportPkcs8PrivateKeyPem() + "\n"));
    }
}
