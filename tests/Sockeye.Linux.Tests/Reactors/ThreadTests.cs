using System.IO.Pipelines;
using System.Net.Sockets;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>Who waited for a socket goes on on the thread of its reactor, where no synchronization context is.</summary>
public abstract class ThreadTests(Engine engine) : ReactorTests(engine)
{
    [Theory]
    [MemberData(nameof(Addresses))]
    public Task A_read_that_waited_goes_on_on_its_reactor(string address) => RunAsync(async () =>
    {
        using ReactorPair pair = await ConnectAsync(Open(reactors: 2), address);
        for (int i = 0; i < 3; i++)
        {
            Task<Place> reading = ReadAsync(pair.Connection);
            Assert.False(reading.IsCompleted);
            await pair.Peer.SendTextAsync("x");
            Assert.Equal(new Place(ReactorOf(pair.Connection), null), await reading);
        }
    });

    [Theory]
    [MemberData(nameof(Addresses))]
    public Task A_flush_that_waited_goes_on_on_its_reactor(string address) => RunAsync(async () =>
    {
        byte[] more = new byte[32 * 1024 * 1024];
        using ReactorPair pair = await ConnectAsync(Open(reactors: 2), address);
        Task<Place> writing = WriteAsync(pair.Connection, more);
        Assert.False(writing.IsCompleted);
        Assert.Equal(more.Length, (await pair.Peer.ReceiveExactlyAsync(more.Length)).Length);
        Assert.Equal(new Place(ReactorOf(pair.Connection), null), await writing);
    });

    [Fact]
    public Task An_accept_that_waited_goes_on_on_the_reactor_that_the_connection_is_on() => RunAsync(async () =>
    {
        await using Listener listener = await ListenAsync(Open(reactors: 2));
        Task<(Place Place, Connection Connection)>[] accepting = [.. listener.Shards.Select(AcceptAsync)];
        Assert.All(accepting, one => Assert.False(one.IsCompleted));

        // The kernel chooses by the client's port: that none of so many is one shard's will not happen.
        NetworkSocket[] peers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => ConnectPeerAsync(listener)));
        foreach ((Place place, Connection connection) in await Task.WhenAll(accepting))
        {
            Assert.Equal(new Place(ReactorOf(connection), null), place);
            connection.Abort();
        }

        Assert.Equal([0, 1], accepting.Select(one => ReactorOf(one.Result.Connection)).Order());
        Array.ForEach(peers, peer => peer.Abort());
    });

    [Fact]
    public Task A_datagram_that_was_waited_for_is_handled_on_its_reactor() => RunAsync(async () =>
    {
        await using DatagramSocket socket = await Open(reactors: 2).OpenDatagramAsync("udp://127.0.0.1:0");
        using NetworkSocket peer = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        for (int i = 0; i < 3; i++)
        {
            Task<Place> receiving = ReceiveAsync(socket);
            Assert.False(receiving.IsCompleted);
            await peer.SendToAsync(Payload.Text("x"), socket.LocalEndPoints[0]);
            Assert.Equal(new Place(ReactorOf(socket.Socket!), null), await receiving);
        }
    });

    [Fact]
    public Task After_a_foreign_await_a_handler_is_on_the_pool_until_it_waits_for_its_socket() => RunAsync(async () =>
    {
        LinuxNetwork network = Open(reactors: 2);
        using ReactorPair pair = await ConnectAsync(network);
        Connection connection = pair.Connection;
        TaskCompletionSource<bool> isOnPool = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task handling = StartOn(connection.Socket!, async () =>
        {
            Assert.Equal(ReactorOf(connection), Here);
            await Task.Yield();
            Assert.Equal(new Place(null, null), Place.Now);
            await Task.Run(() => { });
            Assert.Null(Here);

            // What is there already is read where one is.
            network.Poll([new SocketPoll(connection.Socket!, SocketEvents.Readable)]);
            Assert.Null((await ReadAsync(connection)).Reactor);
            bool isPool = Thread.CurrentThread.IsThreadPoolThread;
            Task<Place> reading = ReadAsync(connection);
            Assert.False(reading.IsCompleted);
            isOnPool.SetResult(isPool);
            Assert.Equal(new Place(ReactorOf(connection), null), await reading);
        });
        await pair.Peer.SendTextAsync("at once");
        await await Task.WhenAny(isOnPool.Task, handling);
        Assert.True(await isOnPool.Task);
        await pair.Peer.SendTextAsync("waited for");
        await handling;
    });

    [Fact]
    public Task ResumeOnReactor_brings_a_handler_back_each_time() => RunAsync(async () =>
    {
        LinuxNetwork network = Open(reactors: 2, new LinuxNetworkOptions { ResumeOnReactor = true });
        using ReactorPair pair = await ConnectAsync(network);
        Connection connection = pair.Connection;
        TaskCompletionSource foreign = new();
        TaskCompletionSource isWaiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task handling = StartOn(connection.Socket!, async () =>
        {
            int reactor = ReactorOf(connection);
            Assert.Equal(reactor, Here);
            for (int i = 0; i < 10; i++)
            {
                await Task.Yield();
                Assert.Equal(reactor, Here);
                Assert.Null(await Task.Run(() => Here));
                Assert.Equal(reactor, Here);
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
                Assert.Equal(reactor, Here);
            }

            isWaiting.SetResult();
            await foreign.Task;
            Assert.Equal(reactor, Here);
            await connection.Input.ReadAsync();
            Assert.Equal(reactor, Here);
        });
        await await Task.WhenAny(isWaiting.Task, handling);
        foreign.SetResult();
        await pair.Peer.SendTextAsync("x");
        await handling;
    });

    [Fact]
    public Task A_server_starts_its_handlers_on_their_reactors() => RunAsync(async () =>
    {
        LinuxNetwork network = Open(reactors: 2);
        await using Listener listener = await ListenAsync(network, AnyName);
        using CancellationTokenSource stop = new();
        List<(int? Here, int Own)> starts = [];
        Task serving = Server.RunAsync(listener, (connection, _) =>
        {
            lock (starts)
                starts.Add((Here, ReactorOf(connection)));
            return Task.CompletedTask;
        }, stop.Token);
        for (int i = 0; i < 6; i++)
        {
            using NetworkSocket peer = await ConnectPeerAsync(listener);
            Assert.Empty(await peer.ReceiveToEndAsync());
        }

        await stop.CancelAsync();
        await serving;
        Assert.Equal(6, starts.Count);
        Assert.All(starts, start => Assert.Equal(start.Own, start.Here));
        Assert.Equal([0, 1], starts.Select(start => start.Own).Distinct().Order());
    });

    private static async Task<Place> ReadAsync(Connection connection)
    {
        ReadResult result = await connection.Input.ReadAsync();
        Place place = Place.Now;
        connection.Input.AdvanceTo(result.Buffer.End);
        return place;
    }

    private static async Task<Place> WriteAsync(Connection connection, byte[] bytes)
    {
        await connection.WriteAsync(bytes);
        return Place.Now;
    }

    private static async Task<(Place Place, Connection Connection)> AcceptAsync(Listener listener)
    {
        Connection? accepted = await listener.AcceptAsync();
        return (Place.Now, accepted!);
    }

    private static async Task<Place> ReceiveAsync(DatagramSocket socket)
    {
        await socket.ReceiveAsync(new byte[16], socket.CreateAddress());
        return Place.Now;
    }

    /// <summary>Where something runs.</summary>
    private sealed record Place(int? Reactor, SynchronizationContext? Context)
    {
        public static Place Now => new(Here, SynchronizationContext.Current);
    }
}
