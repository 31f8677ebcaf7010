using System.Diagnostics;

namespace Sockeye.Bench;

/// <summary>A relay of TCP, from one loopback port to another: ours, or one that people use today, configured as its manual has it.</summary>
internal sealed class RelayPeers : IDisposable
{
    public static readonly string[] Relays = ["sockeye", "socat", "haproxy", "nginx"];

    /// <summary>A plain relay, and those that show or record: what they print goes to /dev/null.</summary>
    public static readonly string[] Taps = ["relay", "tap", "tap-pcap", "tap-page", "socat", "socat-x", "mitmproxy"];

    private readonly PeerServer _server;

    private RelayPeers(PeerServer server) => _server = server;

    public int Port => _server.Port;

    public int ProcessId => _server.Process.Id;

    /// <summary>Null when the program is not installed. <paramref name="prepare"/> may change how it is started; <paramref name="workers"/> are nginx's, who does not see that it has one core.</summary>
    public static RelayPeers? Start(string kind, int target, Action<ProcessStartInfo>? prepare = null, string workers = "auto")
    {
        string folder = PeerServer.CreateFolder();
        int port = PeerServer.FreePort();
        ProcessStartInfo start = kind switch
        {
            "sockeye" or "relay" => new(Sockeye, ["relay", .. Addresses(port, target)]),
            "tap" => Silenced(Sockeye, ["tap", .. Addresses(port, target)]),
            "tap-pcap" => new(Sockeye, ["tap", .. Addresses(port, target), "--view", "none", "--pcap", Path.Combine(folder, "tap.pcapng"), "--pcap-size", "100MB"]),
            "tap-page" => new(Sockeye, ["tap", .. Addresses(port, target), "--view", "none", "--web"]),
            "socat" => new("socat", [.. Socat(port, target)]),
            "socat-large" => new("socat", ["-b", "16384", .. Socat(port, target, ",nodelay")]),
            "socat-x" => Silenced("socat", ["-x", .. Socat(port, target)]),
            "mitmproxy" => new("mitmdump", ["--mode", $"reverse:http://127.0.0.1:{target}", "--listen-host", "127.0.0.1", "-p", $"{port}", "--set", "tcp_hosts=.*", "--set", $"confdir={folder}", "-q"]),
            "haproxy" => new("haproxy", ["-db", "-f", PeerServer.Write(folder, "relay.conf", HaproxyConfiguration(port, target))]),
            _ => new("nginx", ["-p", folder, "-e", Path.Combine(folder, "error.log"), "-c", PeerServer.Write(folder, "relay.conf", NginxConfiguration(folder, port, target, workers))]),
        };
        prepare?.Invoke(start);
        return PeerServer.TryStart(start, folder, port) is { } server ? new RelayPeers(server) : null;
    }

    public void Dispose() => _server.Dispose();

    /// <summary>What the script built; without it, what is installed.</summary>
    private static string Sockeye => Environment.GetEnvironmentVariable("SOCKEYE_PROGRAM") ?? "sockeye";

    private static string[] Addresses(int port, int target) => [$"tcp://127.0.0.1:{port}?backlog=4096", $"tcp://127.0.0.1:{target}", "--quiet"];

    /// <param name="options">Of both connections. With two writes for a message, <c>nodelay</c> spares the second the wait for the first one's late acknowledgement.</param>
    private static string[] Socat(int port, int target, string options = "") =>
        ["-t", "60", $"TCP4-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr,backlog=4096{options}", $"TCP4:127.0.0.1:{target}{options}"];

    /// <summary>What it prints goes nowhere, and costs this process nothing.</summary>
    private static ProcessStartInfo Silenced(string program, string[] arguments) =>
        new("sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments]);

    private static string HaproxyConfiguration(int port, int target) => $"""
        global
            maxconn 4000
        defaults
            mode tcp
            timeout connect 10s
            timeout client 5m
            timeout server 5m
        listen relay
            bind 127.0.0.1:{port} backlog 4096
            server target 127.0.0.1:{target}

        """;

    private static string NginxConfiguration(string folder, int port, int target, string workers) => $$"""
        load_module /usr/lib/nginx/modules/ngx_stream_module.so;
        daemon off;
        worker_processes {{workers}};
        pid {{folder}}/nginx.pid;
        events { worker_connections 10000; }
        stream {
            server {
                listen 127.0.0.1:{{port}} backlog=4096;
                proxy_pass 127.0.0.1:{{target}};
                proxy_half_close on;
            }
        }

        """;
}
