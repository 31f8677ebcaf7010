using System.Net;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>A hub with its plain-text door on a free port of the loopback and on a Unix socket, which keeps what it knows in a directory.</summary>
internal sealed class HubOnThisMachine : ServedHub
{
    private HubOnThisMachine(HubServer server)
        : base(server)
    {
        Text = server.Addresses[0];
        UnixPath = ((Address)server.Addresses[1]).UnixPath();
    }

    public Address Text { get; }

    public string UnixPath { get; }

    /// <summary>Its port as two arguments.</summary>
    public string[] HostAndPort => [IPAddress.Loopback.ToString(), Text.HostAndPort()[1]];

    public static async Task<HubOnThisMachine> StartAsync(ScratchFolder folder, HubOptions? options = null) => new(await HubServer.StartAsync((options ?? new HubOptions()) with
    {
        Text = options?.Text ?? "tcp://127.0.0.1:0",
        Web = HubOptions.Off,
        Udp = HubOptions.Off,
        DataDirectory = folder.PathOf("data"),
    }));

    public Peer Python() => Start("text_client.py", HostAndPort);

    public Peer PythonOnUnixSocket() => Start("text_client.py", UnixPath);

    public Peer Netcat() => Programs.Netcat(["-N", .. HostAndPort]);

    public Peer NetcatOnUnixSocket() => Programs.Netcat("-N", "-U", UnixPath);

    public Peer Telnet() => Programs.Telnet(Text);

    /// <summary>A script of the folder <c>python</c>.</summary>
    public static Peer Start(string script, params string[] arguments) => Programs.Python(script, arguments);
}
