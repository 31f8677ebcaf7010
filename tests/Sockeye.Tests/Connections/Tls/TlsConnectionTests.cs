using System.IO.Pipelines;
using System.Net.Sockets;
using System.Security.Authentication;
using Sockeye.Tests.Conformance;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Connections.Tls;

/// <summary>What TLS adds to a connection: how its streams end, and what was agreed on.</summary>
public class TlsConnectionTests : TlsTestBase
{
    [Fact]
    public async Task Close_notify_ends_one_direction_and_the_other_goes_on()
    {
        await using ConnectionPair pair = await ConnectAsync();
        await pair.Client.WriteTextAsync("question");
        await pair.Client.Output.CompleteAsync();
        Assert.Equal("question", Payload.Text(await pair.Server.Input.ReadToEndAsync()));
        await pair.Server.WriteTextAsync("a long answer");
        await pair.Server.Output.CompleteAsync();
        Assert.Equal("a long answer", Payload.Text(await pair.Client.Input.ReadToEndAsync()));
    }

    [Fact]
    public async Task A_server_may_end_first_and_still_read()
    {
        await using ConnectionPair pair = await ConnectAsync();
        await pair.Server.WriteTextAsync("goodbye");
        await pair.Server.Output.CompleteAsync();
        Assert.Equal("goodbye", Payload.Text(await pair.Client.Input.ReadToEndAsync()));
        await pair.Client.WriteTextAsync("one more thing");
        await pair.Client.Output.CompleteAsync();
        Assert.Equal("one more thing", Payload.Text(await pair.Server.Input.ReadToEndAsync()));
    }

    [Fact]
    public async Task A_transport_that_ends_without_close_notify_has_cut_the_stream_short()
    {
        await using Listener listener = await Network.ListenAsync("tcp://127.0.0.1:0");
        Connection below = await Network.ConnectAsync(listener.Address);
        using TlsCertificate certificate = Authority.Issue("localhost");
        await using TlsConnection server = TlsConnection.CreateServer((await listener.AcceptAsync())!, new TlsServerOptions { Certificate = certificate });
        await using TlsConnection client = TlsConnection.CreateClient(below, Trusting);
        await Task.WhenAll(client.HandshakeAsync().AsTask(), server.HandshakeAsync().AsTask()).Within();
        await client.WriteTextAsync("half a mess");
        await below.Output.CompleteAsync();

        Assert.Equal("half a mess", Payload.Text(await server.Input.ReadExactlyAsync(11)));
        TruncatedStreamException e = await Assert.ThrowsAsync<TruncatedStreamException>(async () => await server.Input.ReadAsync());
        Assert.Contains("close_notify", e.Message, StringComparison.Ordinal);
        IOException wrapped = await Assert.ThrowsAsync<IOException>(async () => Assert.Equal(1, await server.AsStream().ReadAsync(new byte[1])));
        Assert.IsType<TruncatedStreamException>(wrapped.InnerException);

        // The clock stands: an orderly close would wait for ever.
        server.Abort();
        client.Abort();
    }

    [Fact]
    public async Task A_reset_is_a_reset_and_no_truncation()
    {
        await using ConnectionPair pair = await ConnectAsync();
        pair.Client.Abort();
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await pair.Server.Input.ReadAsync());
        Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
    }

    [Fact]
    public async Task Both_sides_know_what_was_agreed_on()
    {
        await using ConnectionPair pair = await ConnectAsync(
            Serving() with { ApplicationProtocols = ["chat/2", "chat/1"] }, Trusting with { ApplicationProtocols = ["chat/1", "chat/2"] });
        TlsConnection client = Assert.IsType<TlsConnection>(pair.Client), server = Assert.IsType<TlsConnection>(pair.Server);
        Assert.Equal(client.Protocol, server.Protocol);
        Assert.Contains(client.Protocol, new[] { SslProtocols.Tls12, SslProtocols.Tls13 });
        Assert.Equal(client.CipherSuite, server.CipherSuite);
        Assert.NotNull(client.CipherSuite);
        Assert.Equal(("chat/2", "chat/2"), (client.ApplicationProtocol, server.ApplicationProtocol));
        Assert.Equal(("localhost", "localhost"), (client.ServerName, server.ServerName));
        Assert.Equal((false, true), (client.IsServer, server.IsServer));
        Assert.Equal("CN=localhost", client.PeerCertificate?.Subject);
        Assert.Null(server.PeerCertificate);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_client_proves_itself_with_a_certificate(SslProtocols version)
    {
        using TlsCertificate own = Authority.Issue("alice");
        await using ConnectionPair pair = await ConnectAsync(
            Serving() with { ClientRoots = [Authority.Root], Protocols = version }, Trusting with { Certificate = own });
        Assert.Equal("CN=alice", ((TlsConnection)pair.Server).PeerCertificate?.Subject);
        await pair.Server.WriteTextAsync("welcome");
        Assert.Equal("welcome", Payload.Text(await pair.Client.Input.ReadExactlyAsync(7)));
    }

    [Fact]
    public async Task An_accepted_connection_shakes_hands_when_it_is_first_read()
    {
        await using Listener listener = await Network.ListenAsync("tls://127.0.0.1:0", new ListenerOptions { Tls = Serving() });
        Task<Connection> connecting = Network.ConnectAsync(listener.Address, new ConnectorOptions { Tls = Trusting }).AsTask();
        await using Connection accepted = (await listener.AcceptAsync())!;
        Task<ReadResult> reading = accepted.Input.ReadAsync().AsTask();
        Connection client = await connecting.Within();
        await client.WriteTextAsync("x");
        Assert.Equal(1, (await reading.Within()).Buffer.Length);
        client.Abort();
    }

    [Fact]
    public async Task An_observer_sees_what_was_encrypted()
    {
        await using ConnectionPair pair = await ConnectAsync();
        PlainObserver observer = new();
        pair.Server.Socket!.Observer = SocketObserver.Combine(observer, new PlainObserver());
        await pair.Client.WriteTextAsync("secret");
        await pair.Client.Output.CompleteAsync();
        await pair.Server.Input.ReadToEndAsync();
        await pair.Server.WriteTextAsync("answer");
        Assert.Equal(["< secret", "<", "> answer"], observer.Seen);
    }

    [Fact]
    public async Task TLS_goes_over_TLS()
    {
        await using ConnectionPair outer = await ConnectAsync();
        using TlsCertificate certificate = Authority.Issue("inner");
        await using TlsConnection client = TlsConnection.CreateClient(outer.Client, Trusting with { TargetHost = "inner" });
        await using TlsConnection server = TlsConnection.CreateServer(outer.Server, new TlsServerOptions { Certificate = certificate });
        await Task.WhenAll(client.HandshakeAsync().AsTask(), server.HandshakeAsync().AsTask()).Within();
        await client.WriteTextAsync("deep");
        await client.Output.CompleteAsync();
        Assert.Equal("deep", Payload.Text(await server.Input.ReadToEndAsync()));
        server.Abort();
        client.Abort();
    }

    [Fact]
    public async Task A_TLS_address_needs_a_certificate_to_listen_on()
    {
        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(async () => await Network.ListenAsync("tls://127.0.0.1:0"));
        Assert.Contains("ListenerOptions.Tls", e.Message, StringComparison.Ordinal);
    }

    private sealed class PlainObserver : SocketObserver
    {
        public List<string> Seen { get; } = [];

        public override void Decrypted(NetworkSocket socket, ReadOnlySpan<byte> data) => Seen.Add($"< {Payload.Text(data)}".TrimEnd());

        public override void Encrypting(NetworkSocket socket, ReadOnlySpan<byte> data) => Seen.Add($"> {Payload.Text(data)}");
    }
}
