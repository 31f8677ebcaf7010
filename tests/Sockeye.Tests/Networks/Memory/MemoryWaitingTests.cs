using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Networks.Memory;

/// <summary>Waiting with and without a thread, and what ends it.</summary>
public sealed class MemoryWaitingTests : MemoryTestBase
{
    [Fact]
    public async Task A_thread_that_waits_goes_on_when_data_comes()
    {
        (NetworkSocket client, NetworkSocket server) = Connected();
        server.Timeout = null;
        Task<string> receiving = Task.Run(() => Receive(server, wait: true));
        Send(client, "here");
        Assert.Equal("here", await Within(receiving));
    }

    [Fact]
    public async Task A_thread_that_waits_has_its_deadline_on_the_networks_clock()
    {
        (_, NetworkSocket server) = Connected();
        server.Timeout = TimeSpan.FromSeconds(5);
        Task<string> receiving = Task.Run(() => Receive(server, wait: true));
        while (!receiving.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.IsType<SocketTimeoutException>(await Assert.ThrowsAnyAsync<SocketException>(() => receiving));
    }

    [Fact]
    public async Task A_thread_that_waits_ends_when_the_socket_closes()
    {
        (_, NetworkSocket server) = Connected();
        server.Timeout = null;
        using ManualResetEventSlim started = new();
        Task<bool> waiting = Task.Run(() =>
        {
            started.Set();
            return server.WaitCore(SocketEvents.Readable, timeout: null);
        });
        started.Wait(TestContext.Current.CancellationToken);
        server.Dispose();
        Assert.True(await Within(waiting));
    }

    [Fact]
    public async Task A_connect_on_a_thread_waits_for_its_answer()
    {
        Conditions.Delay = Milliseconds(10);
        using NetworkSocket listener = Listening(Ip("127.0.0.1:80"));
        NetworkSocket client = Network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        Task<SocketError> connecting = Task.Run(() => client.TryConnect(Ip("127.0.0.1:80")));
        while (!connecting.IsCompleted)
        {
            Clock.Advance(Milliseconds(1));
            await Task.Yield();
        }

        Assert.Equal(SocketError.Success, await connecting);
    }

    [Fact]
    public async Task Every_wait_ends_when_the_network_closes_and_observers_are_told()
    {
        Recorder recorder = new();
        Network.Observer = recorder;
        using NetworkSocket listener = Listening(Ip("127.0.0.1:80"));
        listener.Timeout = null;
        Task<NetworkSocket> accepting = listener.AcceptAsync().AsTask();
        NetworkSocket datagrams = Bound(Ip("127.0.0.1:9"));
        Conditions.Delay = Milliseconds(10);
        Socket(AddressFamily.InterNetwork).TryConnect(listener.LocalEndPoint!);
        await Network.DisposeAsync();
        await Network.DisposeAsync();
        await FailsAsync(SocketError.OperationAborted, () => accepting);
        Assert.True(datagrams.IsClosed);
        Assert.Equal(3, recorder.Closings);
        Assert.Throws<ObjectDisposedException>(() => Network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream));
        Assert.Throws<ObjectDisposedException>(() => Network.CreatePair());
        Clock.Advance(Milliseconds(100));
    }

    [Fact]
    public async Task On_the_systems_clock_a_delay_passes_by_itself()
    {
        await using MemoryNetwork network = new();
        network.Conditions.Delay = TimeSpan.FromMicroseconds(1500);
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:80");
        Task<Connection?> accepting = listener.AcceptAsync().AsTask();
        Connection client = await Within(network.ConnectAsync("tcp://127.0.0.1:80").AsTask());
        Assert.True(client.Socket!.HandshakeTime >= TimeSpan.FromMilliseconds(3));
        client.Abort();
        (await Within(accepting))!.Abort();
    }

    [Fact]
    public async Task The_same_program_runs_the_same_way_every_time()
    {
        string[] runs = [await RecordAsync(), await RecordAsync(), await RecordAsync()];
        Assert.Equal([runs[0], runs[0], runs[0]], runs);
        Assert.Contains("8:", runs[0], StringComparison.Ordinal);
    }

    private static string Receive(NetworkSocket socket, bool wait)
    {
        Assert.True(wait);
        byte[] buffer = new byte[100];
        return System.Text.Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }

    /// <summary>Many clients with a delay: who is accepted when, and what was said.</summary>
    private static async Task<string> RecordAsync()
    {
        Time.ManualTimeProvider clock = new();
        await using MemoryNetwork network = new(clock);
        network.Conditions.Delay = Milliseconds(3);
        NetworkSocket listener = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        listener.Bind(Ip("127.0.0.1:80"));
        listener.Listen(2);
        NetworkSocket[] clients = [.. Enumerable.Range(0, 8).Select(_ => network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream))];
        List<string> record = [];
        List<NetworkSocket> servers = [];
        for (int step = 0; step < 60; step++)
        {
            if (step < clients.Length)
            {
                clients[step].Timeout = TimeSpan.Zero;
                clients[step].TryConnect(Ip("127.0.0.1:80"));
            }

            foreach (NetworkSocket client in clients)
                client.TrySend(Bytes($"{step} "), out _);
            if (listener.TryAccept(out NetworkSocket? server) == SocketError.Success)
                servers.Add(server!);
            record.AddRange(servers.Select(each => $"{step}: {each.RemoteEndPoint} {Receive(each)}"));
            clock.Advance(Milliseconds(1));
        }

        return string.Join('\n', record);
    }

    private sealed class Recorder : SocketObserver
    {
        private int _closings;

        public int Closings => _closings;

        public override void Closed(NetworkSocket socket, bool aborted) => Interlocked.Increment(ref _closings);
    }
}
