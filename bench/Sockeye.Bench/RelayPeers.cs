using System.Diagnostics;

namespace Sockeye.Bench;

/// <summary>A relay of TCP, from one loopback port to another: ours, or one that people use today, configured as its manual has it.</summary>
internal sealed class RelayPeers : IDisposable
{
    public static readonly string[] Kinds = ["sockeye", "socat", "haproxy", "nginx"];

    private readonly PeerServer _server;

    private RelayPeers(PeerServer server) => _server = server;

    public int Port => _server.Port;

    public int ProcessId => _server.Process.Id;

    /// <summary>Null when the program is not installed.</summary>
    public static RelayPeers? Start(string kind, int target)
    {
        string folder = PeerServer.CreateFolder();
        int port = PeerServer.FreePort();
        ProcessStartInfo start = kind switch
        {
            "sockeye" => new(Environment.GetEnvironmentVariable("SOCKEYE_PROGRAM")!, ["relay", $"tcp://127.0.0.1:{port}?backlog=4096", $"tcp://127.0.0.1:{target}", "--quiet"]),
            "socat" => new("socat", ["-t", "60", $"TCP4-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr,backlog=4096", $"TCP4:127.0.0.1:{target}"]),
            "haproxy" => new("haproxy", ["-db", "-f", PeerServer.Write(folder, "relay.conf", HaproxyConfiguration(port, target))]),
            _ => new("nginx", ["-p", folder, "-e", Path.Combine(folder, "error.log"), "-c", PeerServer.Write(folder, "relay.conf", NginxConfiguration(folder, port, target))]),
        };
        return PeerServer.TryStart(start, folder, port) is { } server ? new RelayPeers(server) : null;
    }

    public void Dispose() => _server.Dispose();

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

    private static string NginxConfiguration(string folder, int port, int target) => $$"""
        load_module /usr/lib/nginx/modules/ngx_stream_module.so;
        daemon off;
        worker_processes auto;
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
