using System.IO.Pipelines;
using System.Net.Sockets;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>A network may be disposed at any time, from anywhere: whoever waits for it ends, and no work is lost.</summary>
public abstract class DisposalTests(Engine engine) : ReactorTests(engine)
{
    [Fact]
    public Task Whoever_waits_ends() => RunAsync(async () =>
    {
        LinuxNetwork network = Open(reactors: 2);
        using ReactorPair pair = await ConnectAsync(network);
        (NetworkSocket one, NetworkSocket other) = network.CreatePair();
        await using Listener listener = await ListenAsync(network, "tcp://localhost:0");
        await using DatagramSocket datagrams = await network.OpenDatagramAsync("udp://127.0.0.1:0");
        Task[] waiting =
        [
            pair.Connection.Input.ReadAsync().AsTask(),
            pair.Connection.WriteAsync(new byte[32 * 1024 * 1024]).AsTask(),
            one.ReceiveAsync(new byte[8]).AsTask(),
            one.ReceiveAllAsync(new byte[8]).AsTask(),
            network.PollAsync(new[] { new SocketPoll(one, SocketEvents.Readable), new SocketPoll(other, SocketEvents.Readable) }).AsTask(),
            datagrams.ReceiveAsync(new byte[8], datagrams.CreateAddress()).AsTask(),
            listener.AcceptAsync().AsTask(),
            .. listener.Shards.Select(shard => shard.AcceptAsync().AsTask()),
        ];
        Assert.All(waiting, one => Assert.False(one.IsCompleted));

        await network.DisposeAsync();
        foreach (Task wait in waiting)
            await AbortedAsync(wait);
        await AbortedAsync(one.ReceiveAsync(new byte[8]).AsTask());
        await AbortedAsync(network.PollAsync(new[] { new SocketPoll(one, SocketEvents.Readable) }).AsTask());

        // Plain calls never were the reactors' business.
        other.Send("x"u8);
        Assert.Equal(1, one.Receive(new byte[8]));
        one.Dispose();
        other.Dispose();
    });

    [Fact]
    public Task A_handler_may_dispose_its_network() => RunAsync(async () =>
    {
        LinuxNetwork network = Open(reactors: 2);
        using ReactorPair pair = await ConnectAsync(network);
        using ReactorPair other = await ConnectAsync(network);
        Task<ReadResult> reading = other.Connection.Input.ReadAsync().AsTask();
        int? after = -1;
        await StartOn(pair.Connection.Socket!, async () =>
        {
            Assert.NotNull(Here);
            await network.DisposeAsync();
            await Task.Yield();
            after = Here;
        });
        Assert.Null(after);
        await AbortedAsync(reading);
        await network.DisposeAsync();
    });

    [Fact]
    public Task Handlers_of_all_reactors_may_dispose_their_network_at_once() => RunAsync(async () =>
    {
        for (int i = 0; i < 20; i++)
        {
            LinuxNetwork network = Open(reactors: 2);
            (NetworkSocket one, NetworkSocket other) = network.CreatePair();
            Assert.NotEqual(ReactorOf(one), ReactorOf(other));
            using Barrier both = new(2);
            await Task.WhenAll(StartOn(one, DisposeAsync), StartOn(other, DisposeAsync));
            one.Dispose();
            other.Dispose();

            async Task DisposeAsync()
            {
                both.SignalAndWait();
                await network.DisposeAsync();
            }
        }
    });

    [Fact]
    public Task A_server_ends_whose_network_is_disposed_while_it_serves() => RunAsync(async () =>
    {
        const int Peers = 16, RoundsBefore = 5;
        for (int i = 0; i < 5; i++)
        {
            LinuxNetwork network = Open(reactors: 2);
            await using Listener listener = await ListenAsync(network);
            Task serving = Server.RunAsync(listener, EchoAsync);
            using SemaphoreSlim rounds = new(0);
            Task[] peers = [.. Enumerable.Range(0, Peers).Select(_ => PlayAsync(listener, rounds))];
            for (int round = 0; round < Peers * RoundsBefore; round++)
                await rounds.WaitAsync();

            await network.DisposeAsync();
            await AbortedAsync(serving);
            await Task.WhenAll(peers);
        }
    });

    /// <summary>What comes after the end, or into the middle of it, the pool runs.</summary>
    [Fact]
    public Task Work_that_is_queued_while_it_ends_runs_once() => RunAsync(async () =>
    {
        const int Items = 2000, Threads = 3;
        for (int i = 0; i < 30; i++)
        {
            LinuxNetwork network = Open();
            (NetworkSocket socket, NetworkSocket other) = network.CreatePair();
            int[] runs = new int[Items * (Threads + 1)];
            int left = runs.Length;
            TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using Barrier start = new(Threads + 2);
            Post(socket, () =>
            {
                start.SignalAndWait();
                QueueFrom(Threads);
            });
            Task[] queueing = [.. Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(() =>
            {
                start.SignalAndWait();
                QueueFrom(thread);
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
            start.SignalAndWait();
            await network.DisposeAsync();
            await Task.WhenAll(queueing);
            await all.Task;
            Assert.All(runs, count => Assert.Equal(1, count));
            socket.Dispose();
            other.Dispose();

            void QueueFrom(int thread)
            {
                for (int item = 0; item < Items; item++)
                {
                    int index = (thread * Items) + item;
                    Post(socket, () =>
                    {
                        Interlocked.Increment(ref runs[index]);
                        if (Interlocked.Decrement(ref left) == 0)
                            all.SetResult();
                    });
                }
            }
        }
    });

    private static async Task AbortedAsync(Task task)
    {
        SocketException e = await Assert.ThrowsAsync<SocketException>(() => task);
        Assert.Equal(SocketError.OperationAborted, e.SocketErrorCode);
    }

    /// <summary>Plays until the server is gone.</summary>
    private static async Task PlayAsync(Listener listener, SemaphoreSlim rounds)
    {
        using NetworkSocket peer = await ConnectPeerAsync(listener);
        try
        {
            do
            {
                rounds.Release();
                await peer.SendTextAsync("x");
            }
            while ((await peer.ReceiveTextAsync()).Length > 0);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // The server aborted this connection.
        }
    }

    private static async Task EchoAsync(Connection connection, CancellationToken stop)
    {
        while (true)
        {
            ReadResult result = await connection.Input.ReadAsync(CancellationToken.None);
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
                await connection.WriteAsync(part, CancellationToken.None);
            connection.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return;
        }
    }

    /// <summary>Each of two reactors takes back what the other one receives ahead, both at once.</summary>
    [Fact]
    public Task Two_reactors_may_detach_each_others_connections() => RunAsync(async () =>
    {
        LinuxNetwork network = Open(reactors: 2);
        (NetworkSocket first, NetworkSocket firstPeer) = network.CreatePair();
        (NetworkSocket second, NetworkSocket secondPeer) = network.CreatePair();
        NetworkSocket[] own = [first, ReactorOf(second) == ReactorOf(first) ? secondPeer : second];
        NetworkSocket[] peers = [firstPeer, own[1] == second ? secondPeer : second];
        Assert.NotEqual(ReactorOf(own[0]), ReactorOf(own[1]));
        Connection[] connections = Array.ConvertAll(own, socket => network.CreateConnection(socket));
        await Task.WhenAll(Enumerable.Range(0, 2).Select(i => StartOn(own[i], async () =>
        {
            // From the first wait on what comes is received ahead.
            ValueTask<ReadResult> reading = connections[i].Input.ReadAsync();
            await peers[i].SendTextAsync("one");
            connections[i].Input.AdvanceTo((await reading).Buffer.End);
        })));

        using Barrier both = new(participantCount: 2);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(i => StartOn(own[i], () =>
        {
            both.SignalAndWait();
            using NetworkSocket other = connections[1 - i].Detach().Socket;
            return Task.CompletedTask;
        })));
        foreach (NetworkSocket peer in peers)
            peer.Dispose();
    });
}
