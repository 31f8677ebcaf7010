using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>What cannot be is refused, by name and at once.</summary>
public abstract class MisuseConformance(NetworkFixture fixture) : WaitingConformance(fixture)
{
    [Theory]
    [InlineData(AddressFamily.InterNetwork, SocketType.Seqpacket, ProtocolType.Unspecified, SocketError.SocketNotSupported, "INET SEQPACKET")]
    [InlineData(AddressFamily.InterNetworkV6, SocketType.Rdm, ProtocolType.Unspecified, SocketError.SocketNotSupported, "INET6 RDM")]
    [InlineData(AddressFamily.Unix, SocketType.Raw, ProtocolType.Unspecified, SocketError.SocketNotSupported, "UNIX RAW")]
    [InlineData(AddressFamily.AppleTalk, SocketType.Stream, ProtocolType.Unspecified, SocketError.AddressFamilyNotSupported, "APPLETALK")]
    [InlineData(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Udp, SocketError.ProtocolType, "Udp")]
    [InlineData(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Tcp, SocketError.ProtocolType, "Tcp")]
    [InlineData(AddressFamily.Unix, SocketType.Stream, ProtocolType.Tcp, SocketError.ProtocolType, "UNIX STREAM")]
    public Task Sockets_that_no_kernel_has_are_refused_by_name(AddressFamily family, SocketType type, ProtocolType protocol, SocketError error, string named) => RunAsync(() =>
    {
        SocketException e = Fails(error, () => Fixture.Server.CreateSocket(family, type, protocol));
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
        return Task.CompletedTask;
    });

    [Fact]
    public Task Every_kind_the_network_has_can_be_made() => RunAsync(() =>
    {
        List<(AddressFamily Family, SocketType Type)> kinds =
        [
            (AddressFamily.InterNetwork, SocketType.Stream), (AddressFamily.InterNetwork, SocketType.Dgram),
            (AddressFamily.InterNetworkV6, SocketType.Stream), (AddressFamily.InterNetworkV6, SocketType.Dgram),
        ];
        if (Fixture.Can(Feature.AbstractNames))
            kinds.AddRange([(AddressFamily.Unix, SocketType.Stream), (AddressFamily.Unix, SocketType.Dgram)]);
        if (Fixture.Can(Feature.Seqpacket))
            kinds.Add((AddressFamily.Unix, SocketType.Seqpacket));
        if (Fixture.Can(Feature.Raw))
            kinds.AddRange([(AddressFamily.InterNetwork, SocketType.Raw), (AddressFamily.InterNetworkV6, SocketType.Raw)]);
        foreach ((AddressFamily family, SocketType type) in kinds)
        {
            using NetworkSocket socket = Fixture.Server.CreateSocket(family, type, type == SocketType.Raw ? ProtocolType.Icmp : ProtocolType.Unspecified);
            Assert.Equal((family, type), (socket.AddressFamily, socket.SocketType));
            Assert.Same(Fixture.Server, socket.Network);
            Assert.False(socket.IsClosed);
        }

        return Task.CompletedTask;
    });

    [Fact]
    public Task Pairs_are_streams_datagrams_or_SEQPACKET() => RunAsync(() =>
    {
        Fails(SocketError.SocketNotSupported, () => Fixture.Server.CreatePair(SocketType.Raw));
        return Task.CompletedTask;
    });

    [Fact]
    public Task End_points_of_another_family_are_refused() => RunAsync(async () =>
    {
        IPEndPoint six = new(IPAddress.IPv6Loopback, 1);
        using NetworkSocket socket = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        const string Families = "the socket is of the family INET, the address of INET6";
        Assert.Contains(Families, Fails(SocketError.AddressFamilyNotSupported, () => socket.Bind(six)).Message, StringComparison.Ordinal);
        Assert.Contains(Families, Fails(SocketError.AddressFamilyNotSupported, () => socket.Connect(six)).Message, StringComparison.Ordinal);
        Assert.Equal(SocketError.AddressFamilyNotSupported, await socket.TryConnectAsync(six));
        Assert.Equal(SocketError.AddressFamilyNotSupported, socket.TryConnect(new UnixDomainSocketEndPoint("\0x")));
        using NetworkSocket datagrams = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        await Assert.ThrowsAsync<SocketException>(async () => await datagrams.SendToAsync(new byte[1], six));
    });

    [Fact]
    public Task Names_are_resolved_before_they_reach_a_socket() => RunAsync(async () =>
    {
        DnsEndPoint name = new("localhost", 1);
        using NetworkSocket socket = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        Assert.Contains("ListenAsync", Assert.Throws<ArgumentException>(() => socket.Bind(name)).Message, StringComparison.Ordinal);
        Assert.Contains("ConnectAsync", Assert.Throws<ArgumentException>(() => socket.Connect(name)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(async () => await socket.ConnectAsync(name));
        using NetworkSocket datagrams = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        Assert.Contains("ConnectDatagramAsync", Assert.Throws<ArgumentException>(() => datagrams.SendTo(new byte[1], name)).Message, StringComparison.Ordinal);
    });

    [Fact]
    public Task Nothing_is_no_argument() => RunAsync(async () =>
    {
        using NetworkSocket socket = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        Assert.Throws<ArgumentNullException>(() => socket.Bind(null!));
        Assert.Throws<ArgumentNullException>(() => socket.Connect(null!));
        Assert.Throws<ArgumentNullException>(() => socket.SendTo(new byte[1], (EndPoint)null!));
        Assert.Throws<ArgumentNullException>(() => socket.SendTo(new byte[1], (SocketAddress)null!));
        Assert.Throws<ArgumentNullException>(() => socket.TrySendTo(new byte[1], null!, out _));
        Assert.Throws<ArgumentNullException>(() => socket.Send((IReadOnlyList<ReadOnlyMemory<byte>>)null!));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await socket.SendToAsync(new byte[1], (SocketAddress)null!));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await socket.ReceiveAsync((IReadOnlyList<Memory<byte>>)null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => socket.Listen(-1));
    });

    [Theory]
    [InlineData(WaitingCall.Receive)]
    [InlineData(WaitingCall.ReceiveAll)]
    [InlineData(WaitingCall.ReceiveFromStream)]
    [InlineData(WaitingCall.ReceiveSeveral)]
    [InlineData(WaitingCall.ReceiveDescriptors)]
    [InlineData(WaitingCall.Send)]
    [InlineData(WaitingCall.SendAll)]
    [InlineData(WaitingCall.SendSeveral)]
    [InlineData(WaitingCall.SendDescriptors)]
    public Task A_connections_socket_moves_no_data_by_itself(WaitingCall call) => RunBlockedAsync(call, async blocked =>
    {
        Connection connection = blocked.Socket.Network.CreateConnection(blocked.Socket);
        await Assert.ThrowsAsync<InvalidOperationException>(() => blocked.Start(CancellationToken.None));
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(blocked.Run);
        Assert.Contains("Input and Output", e.Message, StringComparison.Ordinal);
        connection.Abort();
    });

    [Fact]
    public Task A_connections_socket_refuses_every_call_that_is_not_about_options() => RunAsync(StreamKind.Tcp4, (client, server) =>
    {
        EndPoint remote = client.RemoteEndPoint!;
        Connection connection = client.Network.CreateConnection(client);
        Assert.Throws<InvalidOperationException>(() => client.TryReceive(new byte[1], out int _));
        Assert.Throws<InvalidOperationException>(() => client.TryReceiveFrom(new byte[1], out _));
        Assert.Throws<InvalidOperationException>(() => client.TrySend(new byte[1], out int _));
        Assert.Throws<InvalidOperationException>(() => client.TrySendTo(new byte[1], remote.Serialize(), out int _));
        Assert.Throws<InvalidOperationException>(() => client.Shutdown(SocketShutdown.Send));
        Assert.Throws<InvalidOperationException>(() => client.Connect(remote));
        Assert.Throws<InvalidOperationException>(() => client.Bind(remote));
        Assert.Throws<InvalidOperationException>(() => client.TryAccept(out _));
        Assert.Throws<InvalidOperationException>(() => client.Detach());
        Assert.Throws<InvalidOperationException>(() => client.Network.CreateConnection(client));
        connection.Abort();
        return Task.CompletedTask;
    });

    [Fact]
    public Task Connections_are_made_of_connected_streams() => RunAsync(() =>
    {
        using NetworkSocket datagrams = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        Assert.Throws<ArgumentException>(() => Fixture.Server.CreateConnection(datagrams));
        using NetworkSocket listener = Fixture.Listen(StreamKind.Tcp4);
        Assert.Throws<ArgumentException>(() => Fixture.Server.CreateConnection(listener));
        NetworkSocket closed = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        closed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Fixture.Server.CreateConnection(closed));
        Assert.Throws<ArgumentNullException>(() => Fixture.Server.CreateConnection(null!));
        return Task.CompletedTask;
    });

    [Fact]
    public Task Only_streams_are_streams() => RunAsync(() =>
    {
        using NetworkSocket datagrams = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        Assert.Throws<NotSupportedException>(() => datagrams.AsStream());
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public Task An_unconnected_stream_moves_nothing(AddressFamily family) => RunAsync(async () =>
    {
        using NetworkSocket socket = Fixture.Client.CreateSocket(family, SocketType.Stream);
        await FailsAsync(SocketError.NotConnected, socket.ReceiveAsync(new byte[1]));
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await socket.SendAsync(new byte[1]));
        Assert.Contains(e.SocketErrorCode, new[] { SocketError.NotConnected, SocketError.Shutdown });
    });

    [Fact]
    public Task Addresses_that_cannot_be_connected_are_refused() => RunAsync(async () =>
    {
        foreach (string address in new[] { "udp://127.0.0.1:1", "icmp://127.0.0.1" })
        {
            await Assert.ThrowsAsync<NotSupportedException>(async () => await Fixture.Client.ConnectAsync(address));
            await Assert.ThrowsAsync<NotSupportedException>(async () => await Fixture.Server.ListenAsync(address));
        }
    });
}
