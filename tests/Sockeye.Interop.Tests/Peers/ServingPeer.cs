namespace Sockeye.Interop.Tests.Peers;

/// <summary>A program that listens, and where.</summary>
internal sealed class ServingPeer : IAsyncDisposable
{
    /// <summary>Any free port.</summary>
    public const string AnyPort = "tcp://127.0.0.1:0";

    private ServingPeer(Peer peer, Address address) => (Peer, Address) = (peer, address);

    public Peer Peer { get; }

    /// <summary>Where it listens; the first of several.</summary>
    public Address Address { get; }

    /// <summary>Our server, which answers in capitals.</summary>
    public static Task<ServingPeer> UpperAsync(string address = AnyPort, params string[] options) => SockeyeAsync(["serve", "upper", address, .. options]);

    /// <summary>Our server, which sends back what comes.</summary>
    public static Task<ServingPeer> EchoAsync(string address = AnyPort, params string[] options) => SockeyeAsync(["serve", "echo", address, .. options]);

    /// <summary>Our relay.</summary>
    public static Task<ServingPeer> RelayAsync(string address, Address target, params string[] options) => RelayAsync([address], target, options);

    /// <summary>Our relay, from several addresses.</summary>
    public static Task<ServingPeer> RelayAsync(string[] addresses, Address target, params string[] options) =>
        SockeyeAsync(["relay", .. addresses, $"{target}", .. options]);

    /// <summary>Our relay that shows what passes.</summary>
    public static Task<ServingPeer> TapAsync(string address, Address target, params string[] options) => SockeyeAsync(["tap", address, $"{target}", .. options]);

    /// <summary>Our program that waits for one peer.</summary>
    public static Task<ServingPeer> ListenAsync(string address, params string[] options) => SockeyeAsync(["listen", address, .. options]);

    /// <summary>HAProxy on a Unix socket, which takes PROXY headers, in front of <paramref name="target"/>.</summary>
    /// <param name="folder">Where its socket and its configuration are.</param>
    /// <param name="target">Where it connects.</param>
    /// <param name="options">Of its <c>server</c> line.</param>
    public static async Task<ServingPeer> HaproxyAsync(ScratchFolder folder, Address target, string options)
    {
        Programs.RequireHaproxy();
        string socket = folder.PathOf("haproxy.sock");
        string file = folder.PathOf("haproxy.cfg");
        await File.WriteAllTextAsync(file, $$"""
            global
                maxconn 100
            defaults
                mode tcp
                timeout connect 60s
                timeout client 60s
                timeout server 60s
            listen relay
                bind fd@${LISTENER} accept-proxy
                server target 127.0.0.1:{{target.Port}} {{options}}

            """);
        Peer haproxy = Programs.Python("haproxy.py", socket, file);
        return new ServingPeer(haproxy, await haproxy.PythonAddressAsync("unix"));
    }

    /// <summary>A client that says who it is, sends words, ends, and prints what it hears and how that ends.</summary>
    public Peer Client(string words) => Programs.Python("relay_client.py", [.. Address.HostAndPort(), words]);

    public ValueTask DisposeAsync() => Peer.DisposeAsync();

    private static async Task<ServingPeer> SockeyeAsync(string[] arguments)
    {
        Peer peer = Programs.Sockeye(arguments);
        return new ServingPeer(peer, await peer.ServedAddressAsync());
    }
}
