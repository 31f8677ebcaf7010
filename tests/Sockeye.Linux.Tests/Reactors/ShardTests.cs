using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>Connections are spread over the reactors, and the port is nobody else's.</summary>
public abstract class ShardTests(Engine engine) : ReactorTests(engine)
{
    [Fact]
    public Task Connections_are_spread_over_the_reactors_and_stay_there() => RunAsync(async () =>
    {
        const int Peers = 64, Rounds = 20;
        await using Listener listener = await ListenAsync(Open(reactors: 2));
        using CancellationTokenSource stop = new();
        List<(int Own, int? Here)> seen = [];
        Task serving = Server.RunAsync(listener, async (connection, _) =>
        {
            while (await EchoAsync(connection))
            {
                lock (seen)
                    seen.Add((ReactorOf(connection), Here));
            }
        }, stop.Token);
        await Task.WhenAll(Enumerable.Range(0, Peers).Select(async _ =>
        {
            using NetworkSocket peer = await ConnectPeerAsync(listener);
            for (int i = 0; i < Rounds; i++)
            {
                await peer.SendTextAsync("x");
                Assert.Equal("x", await peer.ReceiveTextAsync());
            }
        }));
        await stop.CancelAsync();
        await serving;
        Assert.Equal(Peers * Rounds, seen.Count);
        Assert.All(seen, place => Assert.Equal(place.Own, place.Here));
        Assert.Equal([0, 1], seen.Select(place => place.Own).Distinct().Order());
    });

    [Fact]
    public Task A_Unix_listener_hands_its_connections_round() => RunAsync(async () =>
    {
        await using Listener listener = await ListenAsync(Open(reactors: 3), AnyName);
        Assert.Same(listener, Assert.Single(listener.Shards));
        List<int> reactors = [];
        for (int i = 0; i < 9; i++)
        {
            using NetworkSocket peer = await ConnectPeerAsync(listener);
            await using Connection? connection = await listener.AcceptAsync();
            reactors.Add(ReactorOf(connection!));
            connection!.Abort();
        }

        Assert.Equal([3, 3, 3], reactors.CountBy(reactor => reactor).Select(count => count.Value));
    });

    [Fact]
    public Task What_is_opened_on_a_reactor_stays_there_and_other_sockets_go_round() => RunAsync(async () =>
    {
        LinuxNetwork network = Open(reactors: 2);
        NetworkSocket[] made = [.. Enumerable.Range(0, 4).Select(_ => network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream))];
        Assert.Equal([2, 2], made.CountBy(ReactorOf).Select(count => count.Value));
        await StartOn(made[1], () =>
        {
            using NetworkSocket here = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
            (NetworkSocket one, NetworkSocket other) = network.CreatePair();
            Assert.All([here, one, other], socket => Assert.Equal(ReactorOf(made[1]), ReactorOf(socket)));
            one.Dispose();
            other.Dispose();
            return Task.CompletedTask;
        });
        Array.ForEach(made, socket => socket.Dispose());
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_port_that_a_stranger_has_is_in_use(bool strangerShares) => RunAsync(async () =>
    {
        using NetworkSocket stranger = Stranger(0, strangerShares);
        SocketException e = await Assert.ThrowsAsync<SocketException>(
            async () => await Open(reactors: 2).ListenAsync(Address.FromEndPoint(stranger.LocalEndPoint!)));
        Assert.Equal(SocketError.AddressAlreadyInUse, e.SocketErrorCode);
    });

    [Fact]
    public Task A_stranger_who_does_not_share_cannot_join() => RunAsync(async () =>
    {
        await using Listener listener = await ListenAsync(Open(reactors: 2));
        SocketException e = Assert.Throws<SocketException>(() => Stranger(listener.Address.Port, shares: false));
        Assert.Equal(SocketError.AddressAlreadyInUse, e.SocketErrorCode);
        e = await Assert.ThrowsAsync<SocketException>(async () => await Open(reactors: 2).ListenAsync(listener.Address));
        Assert.Equal(SocketError.AddressAlreadyInUse, e.SocketErrorCode);
    });

    [Fact]
    public Task Stopping_a_listener_leaves_nothing_behind() => RunAsync(async () =>
    {
        LinuxNetwork network = Open(reactors: 2);
        Address address = "tcp://127.0.0.1:0";
        for (int i = 0; i < 20; i++)
        {
            Listener listener = await network.ListenAsync(address);
            address = listener.Address;
            Assert.Equal(2, ListeningAt(address.Port));
            NetworkSocket[] waiting = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ConnectPeerAsync(listener)));
            await listener.DisposeAsync();
            Assert.All(await Task.WhenAll(listener.Shards.Select(shard => shard.AcceptAsync().AsTask())), Assert.Null);
            Assert.Equal(0, ListeningAt(address.Port));
            foreach (NetworkSocket peer in waiting)
            {
                SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await peer.ReceiveTextAsync());
                Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
                peer.Dispose();
            }
        }
    });

    [Fact]
    public Task Stopping_ends_every_shards_accept() => RunAsync(async () =>
    {
        Listener listener = await ListenAsync(Open(reactors: 2));
        Task<Connection?>[] accepting = [.. listener.Shards.Append(listener).Select(shard => shard.AcceptAsync().AsTask())];
        Assert.Equal(3, accepting.Length);
        Assert.All(accepting, one => Assert.False(one.IsCompleted));
        await listener.DisposeAsync();
        Assert.All(await Task.WhenAll(accepting), Assert.Null);
    });

    /// <summary>How many accept there is the network's own business; what they accept is not.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Observers_hear_of_one_listening_socket_for_each_end_point(bool isNetworks) => RunAsync(async () =>
    {
        const int Peers = 32;
        ListeningObserver observer = new();
        LinuxNetwork network = Open(reactors: 2);
        using IDisposable? observing = isNetworks ? network.Observe(observer) : null;
        Listener listener = await network.ListenAsync("tcp://localhost:0", new ListenerOptions { Observer = isNetworks ? null : observer });
        Assert.Equal(4, listener.Shards.Count);
        NetworkSocket[] peers = await Task.WhenAll(Enumerable.Range(0, Peers).Select(_ => ConnectPeerAsync(listener)));
        for (int i = 0; i < Peers; i++)
            (await listener.AcceptAsync())!.Abort();
        await listener.DisposeAsync();
        Assert.Equal(["Bound", "Bound", "Closed", "Closed", "Listening", "Listening", "Opened", "Opened"], observer.Events.Order());
        Assert.Equal(Peers, observer.Connections.Count);
        Assert.Equal(Peers, observer.Connections.Distinct().Count());
        Array.ForEach(peers, peer => peer.Abort());
    });

    private static async Task<bool> EchoAsync(Connection connection)
    {
        ReadResult result = await connection.Input.ReadAsync();
        foreach (ReadOnlyMemory<byte> part in result.Buffer)
            await connection.WriteAsync(part);
        connection.Input.AdvanceTo(result.Buffer.End);
        return !result.IsCompleted;
    }

    /// <summary>Another program's server.</summary>
    private static NetworkSocket Stranger(int port, bool shares)
    {
        NetworkSocket stranger = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        try
        {
            stranger.ReusePort = shares;
            stranger.Bind(new IPEndPoint(IPAddress.Loopback, port));
            stranger.Listen();
            return stranger;
        }
        catch
        {
            stranger.Dispose();
            throw;
        }
    }

    /// <summary>How many sockets listen at a port of 127.0.0.1, as the kernel tells it (proc(5), net/tcp): local address and state are the second and fourth columns.</summary>
    private static int ListeningAt(int port)
    {
        const string ListenState = "0A";
        string local = string.Create(CultureInfo.InvariantCulture, $"0100007F:{port:X4}");
        return File.ReadLines("/proc/net/tcp").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(columns => columns[1] == local && columns[3] == ListenState);
    }
}
