using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>Datagrams: whole messages, to and from somebody.</summary>
public abstract class DatagramConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task Each_receive_takes_one_message_and_knows_its_sender(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        foreach (string text in new[] { "one", "two", "three" })
            Assert.Equal(text.Length, await client.SendToAsync(Payload.Text(text), server.LocalEndPoint!));
        byte[] buffer = new byte[64];
        SocketAddress from = server.CreateAddress();
        foreach (string text in new[] { "one", "two", "three" })
        {
            DatagramResult result = await server.ReceiveFromAsync(buffer, from);
            Assert.Equal(new DatagramResult(text.Length, Truncated: false), result);
            Assert.Equal(text, Payload.Text(buffer.AsSpan(0, result.Count)));
            Assert.Equal(client.LocalEndPoint, EndPoints.FromAddress(from));
        }
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task The_sender_can_be_answered(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        await client.SendToAsync(Payload.Text("ping"), server.LocalEndPoint!.Serialize());
        byte[] buffer = new byte[64];
        SocketAddress from = server.CreateAddress();
        await server.UntilAsync(SocketEvents.Readable);
        Assert.Equal(4, server.ReceiveFrom(buffer, from).Count);
        Assert.Equal(4, server.SendTo("pong"u8, from));
        Assert.Equal("pong", await client.ReceiveTextAsync());
        Assert.Equal(1, server.SendTo("!"u8, client.LocalEndPoint!));
        Assert.Equal("!", await client.ReceiveTextAsync());
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task Trying_never_waits(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        byte[] buffer = new byte[8];
        Assert.Equal(SocketError.WouldBlock, server.TryReceiveFrom(buffer, out DatagramResult result));
        Assert.Equal(default, result);
        Assert.Equal(SocketError.Success, client.TrySendTo("abc"u8, server.LocalEndPoint!.Serialize(), out int count));
        Assert.Equal(3, count);
        await server.UntilAsync(SocketEvents.Readable);
        SocketAddress from = server.CreateAddress();
        Assert.Equal(SocketError.Success, server.TryReceiveFrom(buffer, out result, from));
        Assert.Equal(3, result.Count);
        Assert.Equal(client.LocalEndPoint, EndPoints.FromAddress(from));
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task An_empty_message_is_a_message_and_no_end(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        Assert.Equal(0, await client.SendToAsync(ReadOnlyMemory<byte>.Empty, server.LocalEndPoint!));
        await client.SendToAsync(Payload.Text("next"), server.LocalEndPoint!);
        Assert.Equal(new DatagramResult(0, Truncated: false), await server.ReceiveFromAsync(new byte[8]));
        Assert.Equal("next", await server.ReceiveTextAsync());
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task ReceiveAll_takes_one_message_and_joins_none(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        await client.SendToAsync(Payload.Text("abc"), server.LocalEndPoint!);
        await client.SendToAsync(Payload.Text("defgh"), server.LocalEndPoint!);
        byte[] buffer = new byte[5];
        Assert.Equal(3, await server.ReceiveAllAsync(buffer));
        await server.UntilAsync(SocketEvents.Readable);
        Assert.Equal(5, server.ReceiveAll(buffer));
        Assert.Equal("defgh", Payload.Text(buffer));
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task A_message_cut_short_says_so_and_its_rest_is_gone(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        await client.SendToAsync(Payload.Text("too long"), server.LocalEndPoint!);
        await client.SendToAsync(Payload.Text("fits"), server.LocalEndPoint!);
        byte[] buffer = new byte[4];
        SocketAddress from = server.CreateAddress();
        Assert.Equal(new DatagramResult(4, Truncated: true), await server.ReceiveFromAsync(buffer, from));
        Assert.Equal("too ", Payload.Text(buffer));
        Assert.Equal(client.LocalEndPoint, EndPoints.FromAddress(from));
        Assert.Equal(new DatagramResult(4, Truncated: false), await server.ReceiveFromAsync(buffer, from));
        Assert.Equal("fits", Payload.Text(buffer));
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task A_message_cut_short_says_so_even_when_its_sender_does_not_matter(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        await client.SendToAsync(Payload.Text("too long"), server.LocalEndPoint!);
        Assert.Equal(new DatagramResult(4, Truncated: true), await server.ReceiveFromAsync(new byte[4]));
    });

    [Theory]
    [InlineData(DatagramKind.Udp4)]
    [InlineData(DatagramKind.Udp6)]
    public Task The_largest_datagram_arrives_whole(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        byte[] payload = Payload.Of(DatagramSocket.DatagramMax);
        Assert.Equal(payload.Length, await client.SendToAsync(payload, server.LocalEndPoint!));
        byte[] buffer = new byte[payload.Length + 1];
        Assert.Equal(new DatagramResult(payload.Length, Truncated: false), await server.ReceiveFromAsync(buffer));
        Assert.Equal(payload, buffer[..payload.Length]);
    });

    [Theory]
    [InlineData(DatagramKind.Udp4, 1)]
    [InlineData(DatagramKind.Udp6, 21)]
    public Task One_byte_more_is_refused_and_nothing_sent(DatagramKind kind, int over) => RunAsync(kind, async (client, server) =>
    {
        byte[] payload = new byte[DatagramSocket.DatagramMax + over];
        SocketException e = await FailsAsync(SocketError.MessageSize, client.SendToAsync(payload, server.LocalEndPoint!));
        Assert.Contains("65507", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, client.BytesSent);
        Assert.Equal(SocketError.WouldBlock, server.TryReceiveFrom(payload, out _));
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task Peeking_leaves_the_message(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        await client.SendToAsync(Payload.Text("message"), server.LocalEndPoint!);
        byte[] buffer = new byte[4];
        Assert.Equal(new DatagramResult(4, Truncated: true), await server.ReceiveFromAsync(buffer, null, SocketFlags.Peek));
        Assert.Equal("message", await server.ReceiveTextAsync());
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task Connected_sockets_send_without_an_address_and_hear_only_their_peer(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        EndPoint stranger = Fixture.NewClientEndPoint(kind);
        using NetworkSocket other = client.Network.CreateSocket(client.AddressFamily, SocketType.Dgram);
        other.Bind(stranger);
        await server.ConnectAsync(client.LocalEndPoint!);
        await client.ConnectAsync(server.LocalEndPoint!);
        Assert.Equal(client.LocalEndPoint, server.RemoteEndPoint);
        try
        {
            await other.SendToAsync(Payload.Text("stranger"), server.LocalEndPoint!);
        }
        catch (SocketException)
        {
            // Unix sockets are told that they are not wanted (EPERM).
        }

        Assert.Equal(6, await client.SendAsync(Payload.Text("friend")));
        Assert.Equal("friend", await server.ReceiveTextAsync());
        Assert.Equal(2, await server.SendAsync([Payload.Text("h"), Payload.Text("i")]));
        Assert.Equal("hi", await client.ReceiveTextAsync());
    });

    [FeatureFact(Feature.RefusedDatagrams)]
    public Task A_refused_datagram_is_reported_to_a_connected_sender() => RunAsync(async () =>
    {
        await using SocketPair pair = Fixture.BoundPair(DatagramKind.Udp4);
        EndPoint gone = pair.Server.LocalEndPoint!;
        pair.Server.Dispose();
        await pair.Client.ConnectAsync(gone);
        await pair.Client.SendAsync(new byte[1]);
        await FailsAsync(SocketError.ConnectionRefused, pair.Client.ReceiveAsync(new byte[1]));
    });

    [Fact]
    public Task An_unbound_socket_is_bound_by_its_first_send() => RunAsync(async () =>
    {
        await using SocketPair pair = Fixture.BoundPair(DatagramKind.Udp4);
        using NetworkSocket client = Fixture.Client.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        Assert.Null(client.LocalEndPoint);
        await client.SendToAsync(Payload.Text("x"), pair.Server.LocalEndPoint!);
        Assert.NotEqual(0, Assert.IsType<IPEndPoint>(client.LocalEndPoint).Port);
    });

    [Fact]
    public Task Sending_to_nobody_needs_an_address() => RunAsync(async () =>
    {
        using NetworkSocket socket = Fixture.Client.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await socket.SendAsync(new byte[1]));
        Assert.Contains(e.SocketErrorCode, new[] { SocketError.DestinationAddressRequired, SocketError.NotConnected });
    });

    [Fact]
    public Task A_dual_stack_socket_talks_to_both_families() => RunAsync(async () =>
    {
        using NetworkSocket server = Fixture.Server.CreateSocket(AddressFamily.InterNetworkV6, SocketType.Dgram);
        server.DualMode = true;
        server.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        int port = ((IPEndPoint)server.LocalEndPoint!).Port;
        foreach ((IPAddress there, IPAddress here) in new[] { (Fixture.Address4, Fixture.ClientAddress4), (Fixture.Address6, Fixture.ClientAddress6) })
        {
            using NetworkSocket client = Fixture.Client.CreateSocket(there.AddressFamily, SocketType.Dgram);
            client.Bind(new IPEndPoint(here, 0));
            await client.SendToAsync(Payload.Text("ping"), new IPEndPoint(there, port));
            SocketAddress from = server.CreateAddress();
            Assert.Equal(4, (await server.ReceiveFromAsync(new byte[8], from)).Count);
            Assert.Equal(client.LocalEndPoint, EndPoints.Unmap(EndPoints.FromAddress(from)));
            await server.SendToAsync(Payload.Text("pong"), client.LocalEndPoint!);
            Assert.Equal("pong", await client.ReceiveTextAsync());
        }
    });

    [FeatureFact(Feature.Broadcast)]
    public Task Broadcasts_need_permission_and_reach_whoever_listens() => RunAsync(async () =>
    {
        using NetworkSocket server = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        server.Bind(new IPEndPoint(IPAddress.Any, 0));
        IPEndPoint everybody = new(Fixture.BroadcastAddress, ((IPEndPoint)server.LocalEndPoint!).Port);
        using NetworkSocket client = Fixture.Client.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        SocketException e = await FailsAsync(SocketError.AccessDenied, client.SendToAsync(Payload.Text("no"), everybody));
        Assert.Contains("set Broadcast", e.Message, StringComparison.Ordinal);
        client.Broadcast = true;
        await client.SendToAsync(Payload.Text("all"), everybody);
        Assert.Equal("all", await server.ReceiveTextAsync());
    });

    [FeatureFact(Feature.Multicast)]
    public Task Members_of_a_group_hear_it_until_they_leave() => RunInGroupAsync("239.255.77.77");

    [FeatureFact(Feature.Multicast6)]
    public Task Members_of_a_group_of_IPv6_hear_it_until_they_leave() => RunInGroupAsync("ff01::7777");

    [FeatureTheory(Feature.Multicast)]
    [InlineData("239.255.77.78")]
    [InlineData("ff01::7778")]
    public Task A_group_is_joined_once_and_left_once(string address) => RunAsync(() =>
    {
        IPAddress group = IPAddress.Parse(address);
        using NetworkSocket member = Fixture.Server.CreateSocket(group.AddressFamily, SocketType.Dgram);
        Fails(SocketError.AddressNotAvailable, () => member.LeaveMulticastGroup(group, Fixture.MulticastInterface));
        member.JoinMulticastGroup(group, Fixture.MulticastInterface);
        Fails(SocketError.AddressAlreadyInUse, () => member.JoinMulticastGroup(group, Fixture.MulticastInterface));
        member.LeaveMulticastGroup(group, Fixture.MulticastInterface);
        member.JoinMulticastGroup(group, Fixture.MulticastInterface);
        return Task.CompletedTask;
    });

    [FeatureFact(Feature.Multicast)]
    public Task Only_groups_of_its_family_can_be_joined() => RunAsync(() =>
    {
        using NetworkSocket socket = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        SocketException e = Fails(SocketError.AddressFamilyNotSupported, () => socket.JoinMulticastGroup(IPAddress.Parse("ff01::1")));
        Assert.Contains("ff01::1", e.Message, StringComparison.Ordinal);
        Fails(SocketError.InvalidArgument, () => socket.JoinMulticastGroup(IPAddress.Parse("192.0.2.1"), Fixture.MulticastInterface));
        Assert.Throws<ArgumentOutOfRangeException>(() => socket.JoinMulticastGroup(IPAddress.Parse("239.1.1.1"), -1));
        return Task.CompletedTask;
    });

    [Fact]
    public Task A_pair_of_datagram_sockets_keeps_messages_apart() => RunAsync(async () =>
    {
        await using SocketPair pair = await Fixture.ConnectedPairAsync(StreamKind.Pair, SocketType.Dgram);
        await pair.Client.SendAsync(Payload.Text("one"));
        await pair.Client.SendAsync(Payload.Text("two"));
        Assert.Equal("one", await pair.Server.ReceiveTextAsync());
        Assert.Equal("two", await pair.Server.ReceiveTextAsync());
        await pair.Server.SendAsync(Payload.Text("back"));
        Assert.Equal("back", await pair.Client.ReceiveTextAsync());
    });
    private Task RunInGroupAsync(string address) => RunAsync(async () =>
    {
        IPAddress group = IPAddress.Parse(address);
        using NetworkSocket member = Fixture.Server.CreateSocket(group.AddressFamily, SocketType.Dgram);
        member.Bind(new IPEndPoint(group.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
        IPEndPoint remote = new(group, ((IPEndPoint)member.LocalEndPoint!).Port);
        using NetworkSocket sender = Fixture.Client.CreateSocket(group.AddressFamily, SocketType.Dgram);
        sender.MulticastInterface = Fixture.MulticastInterface;
        sender.MulticastLoopback = true;
        sender.MulticastTimeToLive = 1;
        Assert.Equal(Fixture.MulticastInterface, sender.MulticastInterface);

        await sender.SendToAsync(Payload.Text("before"), remote);
        member.JoinMulticastGroup(group, Fixture.MulticastInterface);
        await sender.SendToAsync(Payload.Text("member"), remote);
        Assert.Equal("member", await member.ReceiveTextAsync());
        member.LeaveMulticastGroup(group, Fixture.MulticastInterface);
        await sender.SendToAsync(Payload.Text("after"), remote);
        await Fixture.SettleAsync();
        Assert.Equal(SocketError.WouldBlock, member.TryReceiveFrom(new byte[8], out _));
    });
}
