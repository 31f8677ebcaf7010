using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>Connecting: to somebody, to nobody, without waiting, and over both families.</summary>
public abstract class ConnectConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task Where_nobody_listens_it_is_refused_by_name(StreamKind kind) => RunRefusedAsync(kind, async (client, remote) =>
    {
        SocketException e = await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(remote).AsTask());
        Assert.Equal(Refusal(kind), e.SocketErrorCode);
        Assert.Contains(Address.FromEndPoint(remote).ToString(), e.Message, StringComparison.Ordinal);
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task Trying_returns_how_it_ended(StreamKind kind) => RunRefusedAsync(kind, async (client, remote) =>
    {
        Assert.Equal(Refusal(kind), await client.TryConnectAsync(remote));
        using NetworkSocket listener = Fixture.Listen(kind);
        using NetworkSocket second = Fixture.NewClient(listener);
        Assert.Equal(SocketError.Success, await second.TryConnectAsync(listener.LocalEndPoint!));
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task Without_waiting_a_connect_goes_on_and_a_poll_tells_its_end(StreamKind kind) => RunAsync(async () =>
    {
        if (!Fixture.Has(kind))
            return;
        using NetworkSocket listener = Fixture.Listen(kind);
        using NetworkSocket client = Fixture.NewClient(listener);
        client.Timeout = TimeSpan.Zero;
        SocketError begun = client.TryConnect(listener.LocalEndPoint!);
        Assert.Contains(begun, new[] { SocketError.Success, SocketError.InProgress });
        await client.UntilAsync(SocketEvents.Writable);
        Assert.Equal(SocketError.Success, client.TakeError());
        await client.SendTextAsync("hello");
        using NetworkSocket accepted = await listener.AcceptAsync();
        Assert.Equal("hello", await accepted.ReceiveTextAsync());
    });

    [Theory]
    [InlineData(StreamKind.Tcp4)]
    [InlineData(StreamKind.Tcp6)]
    public Task Without_waiting_a_refusal_is_the_pending_error(StreamKind kind) => RunRefusedAsync(kind, async (client, remote) =>
    {
        client.Timeout = TimeSpan.Zero;
        SocketError error = await client.TryConnectAsync(remote);
        if (error == SocketError.InProgress)
        {
            await client.UntilAsync(SocketEvents.Writable);
            error = client.TakeError();
        }

        Assert.Equal(SocketError.ConnectionRefused, error);
        Assert.Equal(SocketError.Success, client.TakeError());
    });

    [FeatureFact(Feature.Silence)]
    public Task Without_waiting_a_throwing_connect_says_it_is_in_progress() => RunAsync(async () =>
    {
        (IPEndPoint silent, IAsyncDisposable keeper) = await Fixture.OpenSilenceAsync(Fixture.Address4);
        using NetworkSocket client = Fixture.Client.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        client.Timeout = TimeSpan.Zero;
        SocketException e = Fails(SocketError.InProgress, () => client.Connect(silent));
        Assert.Contains("TakeError", e.Message, StringComparison.Ordinal);
        Assert.Equal(SocketError.AlreadyInProgress, client.TryConnect(silent));
        await keeper.DisposeAsync();
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task The_handshake_is_timed_on_the_side_that_connects(StreamKind kind) => RunAsync(async () =>
    {
        if (!Fixture.Has(kind))
            return;
        using NetworkSocket listener = Fixture.Listen(kind);
        await using SocketPair pair = await Fixture.ConnectedPairAsync(listener);
        Assert.NotNull(pair.Client.HandshakeTime);
        Assert.Null(pair.Server.HandshakeTime);
        Assert.Null(listener.HandshakeTime);
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task A_connected_socket_does_not_connect_again(StreamKind kind) => RunAsync(kind, async (client, _) =>
        await FailsAsync(SocketError.IsConnected, client.ConnectAsync(client.RemoteEndPoint!)));

    [Fact]
    public Task A_socket_can_choose_its_own_end_point_first() => RunAsync(async () =>
    {
        using NetworkSocket listener = Fixture.Listen(StreamKind.Tcp4);
        using NetworkSocket client = Fixture.NewClient(listener);
        client.Bind(new IPEndPoint(Fixture.ClientAddress4, 0));
        EndPoint bound = client.LocalEndPoint!;
        await client.ConnectAsync(listener.LocalEndPoint!);
        using NetworkSocket accepted = await listener.AcceptAsync();
        Assert.Equal(bound, accepted.RemoteEndPoint);
    });

    [Fact]
    public Task A_dual_stack_listener_takes_both_families() => RunAsync(async () =>
    {
        using NetworkSocket listener = Fixture.Server.CreateSocket(AddressFamily.InterNetworkV6, SocketType.Stream);
        listener.DualMode = true;
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        listener.Listen();
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        foreach (IPAddress address in new[] { Fixture.Address4, Fixture.Address6 })
        {
            using NetworkSocket client = Fixture.Client.CreateSocket(address.AddressFamily, SocketType.Stream);
            await client.ConnectAsync(new IPEndPoint(address, port));
            using NetworkSocket accepted = await listener.AcceptAsync();
            Assert.Equal(client.LocalEndPoint, EndPoints.Unmap(accepted.RemoteEndPoint!));
            Assert.Equal(AddressFamily.InterNetworkV6, accepted.RemoteEndPoint!.AddressFamily);
        }
    });

    [Fact]
    public Task A_dual_stack_socket_connects_to_both_families() => RunAsync(async () =>
    {
        foreach (StreamKind kind in new[] { StreamKind.Tcp4, StreamKind.Tcp6 })
        {
            using NetworkSocket listener = Fixture.Listen(kind);
            using NetworkSocket client = Fixture.Client.CreateSocket(AddressFamily.InterNetworkV6, SocketType.Stream);
            client.DualMode = true;
            await client.ConnectAsync(listener.LocalEndPoint!);
            Assert.Equal(listener.LocalEndPoint, EndPoints.Unmap(client.RemoteEndPoint!));
        }
    });

    [Fact]
    public Task A_socket_of_IPv6_only_has_nothing_of_IPv4() => RunAsync(async () =>
    {
        using NetworkSocket listener = Fixture.Server.CreateSocket(AddressFamily.InterNetworkV6, SocketType.Stream);
        listener.DualMode = false;
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        listener.Listen();
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        using NetworkSocket client = Fixture.Client.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        Assert.Equal(SocketError.ConnectionRefused, await client.TryConnectAsync(new IPEndPoint(Fixture.Address4, port)));
        using NetworkSocket only6 = Fixture.Client.CreateSocket(AddressFamily.InterNetworkV6, SocketType.Stream);
        only6.DualMode = false;
        Assert.Equal(SocketError.AddressFamilyNotSupported, await only6.TryConnectAsync(new IPEndPoint(Fixture.Address4, port)));
    });

    private Task RunRefusedAsync(StreamKind kind, Func<NetworkSocket, EndPoint, Task> scenario)
    {
        if (!Fixture.Has(kind))
            return Task.CompletedTask;
        return RunAsync(async () =>
        {
            // Bound and not listening: nobody else can take the port meanwhile. A Unix name must be gone altogether.
            EndPoint local = Fixture.NewEndPoint(kind);
            using NetworkSocket holder = Fixture.Server.CreateSocket(local.AddressFamily, SocketType.Stream);
            if (local is IPEndPoint)
                holder.Bind(local);
            using NetworkSocket client = Fixture.ClientFor(local).CreateSocket(local.AddressFamily, SocketType.Stream);
            await scenario(client, holder.LocalEndPoint ?? local);
        });
    }

    /// <summary>A path without a file is no address at all.</summary>
    private static SocketError Refusal(StreamKind kind) => kind == StreamKind.Unix ? SocketError.AddressNotAvailable : SocketError.ConnectionRefused;
}
