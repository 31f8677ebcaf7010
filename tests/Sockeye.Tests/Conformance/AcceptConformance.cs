using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>Binding, listening, and taking connections.</summary>
public abstract class AcceptConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task Both_sides_know_both_end_points(StreamKind kind) => RunListeningAsync(kind, async listener =>
    {
        await using SocketPair pair = await Fixture.ConnectedPairAsync(listener);
        Assert.Equal(listener.LocalEndPoint, pair.Client.RemoteEndPoint);
        Assert.Equal(listener.LocalEndPoint, pair.Server.LocalEndPoint);
        if (kind is StreamKind.Tcp4 or StreamKind.Tcp6)
            Assert.Equal(pair.Client.LocalEndPoint, pair.Server.RemoteEndPoint);
        Assert.Equal(listener.AddressFamily, pair.Server.AddressFamily);
        Assert.Equal(SocketType.Stream, pair.Server.SocketType);
    });

    [Theory]
    [InlineData(StreamKind.Tcp4)]
    [InlineData(StreamKind.Tcp6)]
    public Task Port_zero_picks_a_free_port(StreamKind kind) => RunListeningAsync(kind, listener =>
    {
        using NetworkSocket another = Fixture.Listen(kind);
        int port = Assert.IsType<IPEndPoint>(listener.LocalEndPoint).Port;
        Assert.NotEqual(0, port);
        Assert.NotEqual(port, ((IPEndPoint)another.LocalEndPoint!).Port);
        return Task.CompletedTask;
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task An_address_in_use_is_an_error_that_names_it(StreamKind kind) => RunListeningAsync(kind, listener =>
    {
        using NetworkSocket second = Fixture.Server.CreateSocket(listener.AddressFamily, SocketType.Stream);
        SocketException e = Fails(SocketError.AddressAlreadyInUse, () => second.Bind(listener.LocalEndPoint!));
        Assert.Contains(Address.FromEndPoint(listener.LocalEndPoint!).ToString(), e.Message, StringComparison.Ordinal);
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    [InlineData(AddressFamily.Unix)]
    public Task Before_it_is_bound_a_socket_is_nowhere(AddressFamily family) => RunAsync(() =>
    {
        using NetworkSocket socket = Fixture.Server.CreateSocket(family, SocketType.Stream);
        Assert.Null(socket.LocalEndPoint);
        Assert.Null(socket.RemoteEndPoint);
        return Task.CompletedTask;
    });

    [Fact]
    public Task An_address_of_another_host_is_not_available() => RunAsync(() =>
    {
        using NetworkSocket socket = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        SocketException e = Fails(SocketError.AddressNotAvailable, () => socket.Bind(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0)));
        Assert.Contains("192.0.2.1", e.Message, StringComparison.Ordinal);
        return Task.CompletedTask;
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task An_accept_waits_for_a_connection(StreamKind kind) => RunListeningAsync(kind, async listener =>
    {
        Task<NetworkSocket> accepting = listener.AcceptAsync().AsTask();
        Assert.False(accepting.IsCompleted);
        using NetworkSocket client = Fixture.NewClient(listener);
        await client.ConnectAsync(listener.LocalEndPoint!);
        using NetworkSocket accepted = await accepting;
        await accepted.SendTextAsync("welcome");
        Assert.Equal("welcome", await client.ReceiveTextAsync());
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task Connections_wait_to_be_accepted_in_order(StreamKind kind) => RunListeningAsync(kind, async listener =>
    {
        List<NetworkSocket> clients = [];
        for (int i = 0; i < 3; i++)
        {
            clients.Add(Fixture.NewClient(listener));
            await clients[i].ConnectAsync(listener.LocalEndPoint!);
            await clients[i].SendTextAsync($"client {i}");
        }

        for (int i = 0; i < 3; i++)
        {
            using NetworkSocket accepted = await listener.AcceptAsync();
            Assert.Equal($"client {i}", await accepted.ReceiveTextAsync());
        }

        clients.ForEach(client => client.Dispose());
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task Accepting_takes_what_waits_or_would_block(StreamKind kind) => RunListeningAsync(kind, async listener =>
    {
        Assert.Equal(SocketError.WouldBlock, listener.TryAccept(out NetworkSocket? none));
        Assert.Null(none);
        using NetworkSocket client = Fixture.NewClient(listener);
        await client.ConnectAsync(listener.LocalEndPoint!);
        await listener.UntilAsync(SocketEvents.Readable);
        Assert.Equal(SocketError.Success, listener.TryAccept(out NetworkSocket? accepted));
        accepted!.Dispose();

        using NetworkSocket second = Fixture.NewClient(listener);
        await second.ConnectAsync(listener.LocalEndPoint!);
        await listener.UntilAsync(SocketEvents.Readable);
        listener.Accept().Dispose();
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task An_accepted_socket_has_its_own_timeout(StreamKind kind) => RunListeningAsync(kind, async listener =>
    {
        listener.Timeout = 5 * Second;
        await using SocketPair pair = await Fixture.ConnectedPairAsync(listener);
        Assert.Null(pair.Server.Timeout);
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task Accepted_sockets_outlive_their_listener(StreamKind kind) => RunListeningAsync(kind, async listener =>
    {
        await using SocketPair pair = await Fixture.ConnectedPairAsync(listener);
        listener.Dispose();
        await pair.Client.SendTextAsync("still here");
        Assert.Equal("still here", await pair.Server.ReceiveTextAsync());
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task Only_listening_sockets_accept(StreamKind kind) => RunAsync(kind, async (client, _) =>
    {
        Assert.False(client.IsListening);
        await FailsAsync(SocketError.InvalidArgument, client.AcceptAsync());
    });

    [Fact]
    public Task Datagram_sockets_do_not_listen() => RunAsync(() =>
    {
        using NetworkSocket socket = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        socket.Bind(new IPEndPoint(Fixture.Address4, 0));
        Fails(SocketError.OperationNotSupported, () => socket.Listen());
        return Task.CompletedTask;
    });

    [FeatureFact(Feature.ReusePort)]
    public Task Several_sockets_share_a_port_when_all_of_them_say_so() => RunAsync(async () =>
    {
        using NetworkSocket first = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        using NetworkSocket second = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        using NetworkSocket third = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        first.ReusePort = second.ReusePort = true;
        Assert.True(first.ReusePort);
        first.Bind(new IPEndPoint(Fixture.Address4, 0));
        second.Bind(first.LocalEndPoint!);
        first.Listen();
        second.Listen();
        Fails(SocketError.AddressAlreadyInUse, () => third.Bind(first.LocalEndPoint!));
        using NetworkSocket client = Fixture.NewClient(first);
        await client.ConnectAsync(first.LocalEndPoint!);
        SocketPoll[] both = [new(first, SocketEvents.Readable), new(second, SocketEvents.Readable)];
        Assert.Equal(1, await Fixture.Server.PollAsync(both));
    });

    private Task RunListeningAsync(StreamKind kind, Func<NetworkSocket, Task> scenario)
    {
        if (!Fixture.Has(kind))
            return Task.CompletedTask;
        return RunAsync(async () =>
        {
            using NetworkSocket listener = Fixture.Listen(kind);
            Assert.True(listener.IsListening);
            await scenario(listener);
        });
    }
}
