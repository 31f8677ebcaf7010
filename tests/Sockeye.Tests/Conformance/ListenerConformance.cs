using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary><see cref="Network.ListenAsync"/>: one address, all of its end points, until it is stopped.</summary>
public abstract class ListenerConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    private const string Localhost = "tcp://localhost:0";

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task What_connects_is_accepted(StreamKind kind) => RunListeningAsync(kind, async listener =>
    {
        await using Connection client = await ClientNetwork(listener).ConnectAsync(listener.Address);
        await using Connection? server = await listener.AcceptAsync();
        await client.WriteTextAsync("hello");
        Assert.Equal("hello", Payload.Text(await server!.Input.ReadExactlyAsync(5)));
        Assert.Equal(listener.LocalEndPoints[0], server.LocalEndPoint);
        client.Abort();
        server.Abort();
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task A_single_end_point_is_its_own_shard_unless_several_accept_at_it(StreamKind kind) => RunListeningAsync(kind, listener =>
    {
        int shards = listener.LocalEndPoints[0] is IPEndPoint ? Fixture.ShardsPerEndPoint : 1;
        Assert.Equal(shards, listener.Shards.Count);
        if (shards == 1)
            Assert.Same(listener, listener.Shards[0]);
        Assert.All(listener.Shards, shard => Assert.Equal(listener.LocalEndPoints, shard.LocalEndPoints));
        Assert.Single(listener.LocalEndPoints);
        Assert.Same(Fixture.Server.TimeProvider, listener.TimeProvider);
        Assert.Equal(listener.Address, Address.Parse(listener.Address.ToString()));
        return Task.CompletedTask;
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task Stopping_gives_null_to_who_waits_and_who_comes(StreamKind kind) => RunListeningAsync(kind, async listener =>
    {
        Task<Connection?> accepting = listener.AcceptAsync().AsTask();
        Assert.False(accepting.IsCompleted);
        await listener.DisposeAsync();
        Assert.Null(await accepting);
        Assert.Null(await listener.AcceptAsync());
        await listener.DisposeAsync();
    });

    [Fact]
    public Task Stopping_gives_null_at_several_end_points_too() => RunAsync(async () =>
    {
        await using Listener listener = await Fixture.Server.ListenAsync(Localhost);
        Task<Connection?> accepting = listener.AcceptAsync().AsTask();
        await listener.DisposeAsync();
        Assert.Null(await accepting);
        Assert.Null(await listener.AcceptAsync());
    });

    [Fact]
    public Task Stopping_ends_the_loop_of_every_shard() => RunAsync(async () =>
    {
        await using Listener listener = await Fixture.Server.ListenAsync(Localhost);
        Task<Connection?>[] loops = [.. listener.Shards.Select(shard => shard.AcceptAsync().AsTask())];
        await listener.DisposeAsync();
        Assert.All(await Task.WhenAll(loops), Assert.Null);
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task After_stopping_nobody_listens_and_connections_live_on(StreamKind kind) => RunListeningAsync(kind, async listener =>
    {
        await using Connection client = await ClientNetwork(listener).ConnectAsync(listener.Address);
        await using Connection? server = await listener.AcceptAsync();
        await listener.DisposeAsync();
        await Assert.ThrowsAsync<SocketException>(async () => await ClientNetwork(listener).ConnectAsync(listener.Address));
        await client.WriteTextAsync("alive");
        Assert.Equal("alive", Payload.Text(await server!.Input.ReadExactlyAsync(5)));
        client.Abort();
        server.Abort();
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task After_stopping_the_address_is_free_again(StreamKind kind) => RunListeningAsync(kind, async listener =>
    {
        Address address = listener.Address;
        await using Connection client = await ClientNetwork(listener).ConnectAsync(address);
        await using Connection? server = await listener.AcceptAsync();
        client.Abort();
        server!.Abort();
        await listener.DisposeAsync();
        await using Listener second = await Fixture.Server.ListenAsync(address);
        Assert.Equal(address, second.Address);
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task An_address_in_use_is_an_error_that_names_it(StreamKind kind) => RunListeningAsync(kind, async listener =>
    {
        SocketException e = await FailsAsync(SocketError.AddressAlreadyInUse, async () => await Fixture.Server.ListenAsync(listener.Address));
        Assert.Contains(listener.Address.ToString(), e.Message, StringComparison.Ordinal);
        await using Connection client = await ClientNetwork(listener).ConnectAsync(listener.Address);
        client.Abort();
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task Cancelling_an_accept_loses_no_connection(StreamKind kind) => RunListeningAsync(kind, async listener =>
    {
        using CancellationTokenSource stop = new();
        Task<Connection?> accepting = listener.AcceptAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await CancelledAsync(accepting);
        await using Connection client = await ClientNetwork(listener).ConnectAsync(listener.Address);
        await using Connection? server = await listener.AcceptAsync();
        Assert.NotNull(server);
        client.Abort();
        server.Abort();
    });

    [Fact]
    public Task Localhost_is_both_loopbacks_at_one_port() => RunAsync(async () =>
    {
        await using Listener listener = await Fixture.Server.ListenAsync(Localhost);
        Assert.Equal([IPAddress.IPv6Loopback, IPAddress.Loopback], listener.LocalEndPoints.Select(e => ((IPEndPoint)e).Address));
        int port = Assert.Single(listener.LocalEndPoints.Select(e => ((IPEndPoint)e).Port).Distinct());
        Assert.Equal(port, listener.Address.Port);
        Assert.Equal("localhost", listener.Address.Host);
        Assert.Equal(2 * Fixture.ShardsPerEndPoint, listener.Shards.Count);
        foreach (EndPoint local in listener.LocalEndPoints)
        {
            Task<Connection?> accepting = listener.AcceptAsync().AsTask();
            await using Connection client = await Fixture.Server.ConnectAsync(Address.FromEndPoint(local));
            await using Connection? server = await accepting;
            Assert.Equal(local, server!.LocalEndPoint);
            client.Abort();
            server.Abort();
        }
    });

    [Fact]
    public Task Each_shard_takes_what_connects_to_its_end_point() => RunAsync(async () =>
    {
        await using Listener listener = await Fixture.Server.ListenAsync(Localhost);
        foreach (IGrouping<EndPoint, Listener> shards in listener.Shards.GroupBy(shard => Assert.Single(shard.LocalEndPoints)))
        {
            // Where several accept at one end point, one of them takes it.
            Task<Connection?>[] accepting = [.. shards.Select(shard => shard.AcceptAsync().AsTask())];
            await using Connection client = await Fixture.Server.ConnectAsync(Address.FromEndPoint(shards.Key));
            await using Connection? server = await await Task.WhenAny(accepting);
            Assert.Equal(client.LocalEndPoint, server!.RemoteEndPoint);
            Assert.Equal(Fixture.ShardsPerEndPoint - 1, accepting.Count(other => !other.IsCompleted));
            client.Abort();
            server.Abort();
        }
    });

    [Fact]
    public Task Connections_at_several_end_points_are_all_accepted() => RunAsync(async () =>
    {
        await using Listener listener = await Fixture.Server.ListenAsync(Localhost);
        List<Connection> clients = [];
        for (int i = 0; i < 20; i++)
            clients.Add(await Fixture.Server.ConnectAsync(Address.FromEndPoint(listener.LocalEndPoints[i % 2])));
        HashSet<EndPoint> accepted = [];
        for (int i = 0; i < clients.Count; i++)
        {
            Connection server = (await listener.AcceptAsync())!;
            accepted.Add(server.RemoteEndPoint!);
            server.Abort();
        }

        Assert.Equal([.. clients.Select(client => client.LocalEndPoint!)], accepted);
        clients.ForEach(client => client.Abort());
    });

    [Fact]
    public Task Every_interface_takes_both_families_by_their_plain_addresses() => RunAsync(async () =>
    {
        await using Listener listener = await Fixture.Server.ListenAsync("tcp://*:0");
        foreach (IPAddress address in new[] { Fixture.Address4, Fixture.Address6 })
        {
            await using Connection client = await Fixture.Client.ConnectAsync(Address.FromEndPoint(new IPEndPoint(address, listener.Address.Port)));
            await using Connection? server = await listener.AcceptAsync();
            Assert.Equal(client.LocalEndPoint, server!.RemoteEndPoint);
            client.Abort();
            server.Abort();
        }
    });

    [Fact]
    public Task A_peer_that_gave_up_is_no_end_of_the_listener() => RunListeningAsync(StreamKind.Tcp4, async listener =>
    {
        Connection quitter = await Fixture.Client.ConnectAsync(listener.Address);
        quitter.Abort();
        await using Connection client = await Fixture.Client.ConnectAsync(listener.Address);
        Connection? server;
        do
        {
            server = await listener.AcceptAsync();
            Assert.NotNull(server);
            if (!Equals(server.RemoteEndPoint, client.LocalEndPoint))
                server.Abort();
        }
        while (server.Socket!.IsClosed);
        await client.WriteTextAsync("patient");
        Assert.Equal("patient", Payload.Text(await server.Input.ReadExactlyAsync(7)));
        client.Abort();
        server.Abort();
    });

    [FeatureFact(Feature.ReusePort)]
    public Task Listeners_share_a_port_when_all_of_them_say_so() => RunAsync(async () =>
    {
        ListenerOptions shared = new() { ReusePort = true };
        await using Listener first = await Fixture.Server.ListenAsync($"tcp://{Fixture.Address4}:0", shared);
        await using Listener second = await Fixture.Server.ListenAsync(first.Address, shared);
        Assert.Equal(first.LocalEndPoints, second.LocalEndPoints);
        await FailsAsync(SocketError.AddressAlreadyInUse, async () => await Fixture.Server.ListenAsync(first.Address));
    });

    [Fact]
    public Task Accepted_connections_have_the_listeners_options() => RunAsync(async () =>
    {
        await using Listener listener = await Fixture.Server.ListenAsync($"tcp://{Fixture.Address4}:0", new ListenerOptions { LingerTimeout = 7 * Second, NoDelay = false });
        await using Connection client = await Fixture.Client.ConnectAsync(listener.Address);
        Connection server = (await listener.AcceptAsync())!;
        Assert.False(server.Socket!.NoDelay);
        Task disposing = server.DisposeAsync().AsTask();
        await Fixture.ElapseAsync(6.9 * Second);
        Assert.False(disposing.IsCompleted);
        await Fixture.ElapseAsync(0.1 * Second);
        await disposing;
        client.Abort();
    });

    [FeatureFact(Feature.Seqpacket | Feature.AbstractNames)]
    public Task SEQPACKET_addresses_listen_and_connect() => RunAsync(async () =>
    {
        await using Listener listener = await Fixture.Server.ListenAsync(Address.FromEndPoint(Fixture.NewName(), SocketType.Seqpacket));
        await using Connection client = await Fixture.Server.ConnectAsync(listener.Address);
        await using Connection? server = await listener.AcceptAsync();
        Assert.Equal(SocketType.Seqpacket, server!.Socket!.SocketType);
        await client.WriteTextAsync("packet");
        Assert.Equal("packet", Payload.Text(await server.Input.ReadExactlyAsync(6)));
        client.Abort();
        server.Abort();
    });

    private Network ClientNetwork(Listener listener) => Fixture.ClientFor(listener.LocalEndPoints[0]);

    private Task RunListeningAsync(StreamKind kind, Func<Listener, Task> scenario)
    {
        if (!Fixture.Has(kind))
            return Task.CompletedTask;
        return RunAsync(async () =>
        {
            await using Listener listener = await Fixture.Server.ListenAsync(Address.FromEndPoint(Fixture.NewEndPoint(kind)));
            await scenario(listener);
        });
    }
}
