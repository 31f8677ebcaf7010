using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace Sockeye.Tests.Observing;

/// <summary>The observer of one connect: what its name resolved to, every address, every handshake.</summary>
public class ConnectObserverTests
{
    [Fact]
    public async Task A_connect_tells_what_its_name_resolved_to_and_each_address()
    {
        await using MemoryNetwork network = new();
        network.AddName("server.example", IPAddress.IPv6Loopback, IPAddress.Loopback);
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:80");
        Recorder recorder = new();
        await using (await network.ConnectAsync("tcp://server.example:80", new ConnectorOptions { Observer = recorder }))
        {
            Assert.Equal(
                [
                    "resolved tcp://server.example:80 to [::1]:80, 127.0.0.1:80", "opened", "connecting [::1]:80", "error ConnectionRefused", "closed",
                    "opened", "connecting 127.0.0.1:80", "connected 127.0.0.1:80",
                ],
                recorder.All);
        }
    }

    [Fact]
    public async Task An_address_without_a_name_is_not_resolved_and_other_connects_are_not_told_of()
    {
        await using MemoryNetwork network = new();
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:80");
        Recorder recorder = new();
        await using Connection other = await network.ConnectAsync("tcp://127.0.0.1:80");
        await using Connection one = await network.ConnectAsync("tcp://127.0.0.1:80", new ConnectorOptions { Observer = recorder });
        Assert.Equal(["opened", "connecting 127.0.0.1:80", "connected 127.0.0.1:80"], recorder.All);
        Assert.Null(other.Socket!.Observer);
    }

    [Fact]
    public async Task The_networks_observer_is_told_too()
    {
        await using MemoryNetwork network = new();
        network.AddName("server.example", IPAddress.Loopback);
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:80");
        Recorder all = new(), one = new();
        network.Observer = all;
        await using Connection connection = await network.ConnectAsync("tcp://server.example:80", new ConnectorOptions { Observer = one });
        Assert.Equal(["resolved tcp://server.example:80 to 127.0.0.1:80", "opened", "connecting 127.0.0.1:80", "connected 127.0.0.1:80"], all.All);
        Assert.Equal(all.All, one.All);
    }

    [Fact]
    public async Task Both_sides_tell_of_the_handshakes_above_the_socket()
    {
        await using MemoryNetwork network = new();
        Recorder server = new(), client = new();
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned(["localhost"]);
        await using Listener listener = await network.ListenAsync("wss://127.0.0.1:443", new ListenerOptions { Tls = new TlsServerOptions { Certificate = certificate } });
        network.Observer = server;
        Task<Connection> connecting = network.ConnectAsync(
            "wss://127.0.0.1:443", new ConnectorOptions { Observer = client, Tls = new TlsClientOptions { Pins = [certificate.Fingerprint] } }).AsTask();
        await using Connection accepted = (await listener.AcceptAsync())!;
        accepted.Socket!.Observer = server;
        await accepted.HandshakeAsync().AsTask().WaitAsync(Hang.Limit);
        await using Connection connected = await connecting.WaitAsync(Hang.Limit);

        string[] expected = ["TLS Tls13", "WebSocket /"];
        Assert.Equal(expected, client.Handshakes.Select(connection => connection switch
        {
            TlsConnection tls => $"TLS {tls.Protocol}",
            WebSocketConnection socket => $"WebSocket {socket.Path}",
            _ => "another",
        }));
        Assert.Same(connected, client.Handshakes[^1]);
        Assert.Contains(accepted, server.Handshakes);
        Assert.Contains(server.Handshakes, connection => connection is TlsConnection { IsServer: true, Protocol: System.Security.Authentication.SslProtocols.Tls13 });
    }

    [Fact]
    public async Task A_handshake_that_fails_is_none()
    {
        await using MemoryNetwork network = new();
        Recorder client = new();
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned(["localhost"]);
        await using Listener listener = await network.ListenAsync("tls://127.0.0.1:443", new ListenerOptions { Tls = new TlsServerOptions { Certificate = certificate } });
        Task<Connection> connecting = network.ConnectAsync("tls://127.0.0.1:443", new ConnectorOptions { Observer = client }).AsTask();
        await using Connection accepted = (await listener.AcceptAsync())!;
        Task handshake = accepted.HandshakeAsync().AsTask();
        await Assert.ThrowsAsync<TlsException>(() => connecting.WaitAsync(Hang.Limit));
        await Task.WhenAny(handshake).WaitAsync(Hang.Limit);
        Assert.Empty(client.Handshakes);
    }

    [Fact]
    public void Several_observers_are_told_of_everything()
    {
        Type several = typeof(SocketObserver).Assembly.GetType("Sockeye.CompositeObserver")!;
        MethodInfo[] events = [.. typeof(SocketObserver).GetMethods().Where(method => method.IsVirtual && method.DeclaringType == typeof(SocketObserver))];
        Assert.True(events.Length > 10);
        Assert.All(events, method => Assert.Equal(several, several.GetMethod(method.Name)!.DeclaringType));
    }

    private sealed class Recorder : SocketObserver
    {
        private readonly List<string> _all = [];

        public string[] All
        {
            get
            {
                lock (_all)
                    return [.. _all];
            }
        }

        public List<Connection> Handshakes { get; } = [];

        public override void Resolved(Address address, IReadOnlyList<EndPoint> endPoints, TimeSpan elapsed) => Add($"resolved {address} to {string.Join(", ", endPoints)}");

        public override void Opened(NetworkSocket socket) => Add("opened");

        public override void Connecting(NetworkSocket socket, EndPoint remote) => Add($"connecting {remote}");

        public override void Connected(NetworkSocket socket, EndPoint remote, TimeSpan handshake) => Add($"connected {remote}");

        public override void Error(NetworkSocket socket, SocketError error) => Add($"error {error}");

        public override void Closed(NetworkSocket socket, bool aborted) => Add("closed");

        public override void Handshaken(NetworkSocket socket, Connection connection, TimeSpan elapsed)
        {
            lock (_all)
                Handshakes.Add(connection);
        }

        private void Add(string what)
        {
            lock (_all)
                _all.Add(what);
        }
    }
}
