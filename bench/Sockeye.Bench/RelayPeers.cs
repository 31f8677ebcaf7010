using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Bench;

/// <summary>A relay of TCP, from one loopback port to another: ours, or one that people use today, configured as its manual has it.</summary>
internal sealed class RelayPeers : IDisposable
{
    public static readonly string[] Kinds = ["sockeye", "socat", "haproxy", "nginx"];

    private readonly Process _process;
    private readonly string _folder;

    private RelayPeers(Process process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    public int ProcessId => _process.Id;

    /// <summary>Null when the program is not installed.</summary>
    public static RelayPeers? Start(string kind, int target)
    {
        string folder = Directory.CreateTempSubdirectory("sockeye-bench-").FullName;
        int port = FreePort();
        ProcessStartInfo start = kind switch
        {
            "sockeye" => new(Environment.GetEnvironmentVariable("SOCKEYE_PROGRAM")!, ["relay", $"tcp://127.0.0.1:{port}?backlog=4096", $"tcp://127.0.0.1:{target}", "--quiet"]),
            "socat" => new("socat", ["-t", "60", $"TCP4-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr,backlog=4096", $"TCP4:127.0.0.1:{target}"]),
            "haproxy" => new("haproxy", ["-db", "-f", WriteFile(folder, HaproxyConfiguration(port, target))]),
            _ => new("nginx", ["-p", folder, "-e", Path.Combine(folder, "error.log"), "-c", WriteFile(folder, NginxConfiguration(folder, port, target))]),
        };
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        try
        {
            RelayPeers peer = new(Process.Start(start)!, folder, port);
            peer.WaitUntilItListens();
            return peer;
        }
        catch (System.ComponentModel.Win32Exception e) when (e is not SocketException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

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

    private static string WriteFile(string folder, string text)
    {
        string path = Path.Combine(folder, "relay.conf");
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
