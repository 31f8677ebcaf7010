using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Networks.Host;

/// <summary>Plain calls that wait on their thread, in real time: what the conformance suite leaves out.</summary>
public class PlainCallTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(60);

    /// <summary>Clocks round: a wait may seem to end so much early.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(5);

    public static TheoryData<bool, string> Calls
    {
        get
        {
            TheoryData<bool, string> data = [];
            foreach (bool portable in new[] { false, true })
            {
                foreach (string call in new[] { "Receive", "ReceiveAll", "ReceiveFrom", "ReceiveSeveral", "Send", "SendAll", "SendSeveral", "Accept", "ReceiveDatagram" })
                    data.Add(portable, call);
            }

            return data;
        }
    }

    public static TheoryData<bool> Networks => [false, true];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_plain_call_ends_at_its_deadline(bool portable, string name)
    {
        await using Ends ends = await Ends.OpenAsync(portable);
        (NetworkSocket socket, Action call) = ends.Blocked(name);
        socket.Timeout = Short;
        long start = Stopwatch.GetTimestamp();
        SocketTimeoutException e = Assert.Throws<SocketTimeoutException>(call);
        Assert.True(Stopwatch.GetElapsedTime(start) >= Short - Tolerance);
        Assert.Contains("0.06 s", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Disposing_ends_a_plain_call_that_waits(bool portable, string name)
    {
        Exception ended;
        do
        {
            await using Ends ends = await Ends.OpenAsync(portable);
            (NetworkSocket socket, Action call) = ends.Blocked(name);
            CallingThread<Exception> waiting = new(() => Record.Exception(call)!);
            await waiting.SleepsAsync();
            socket.Dispose();
            ended = await waiting.Result.WaitAsync(Hang.Limit);
        }
        while (ended is ObjectDisposedException);   // it came too late: once more

        Assert.Equal(SocketError.OperationAborted, Assert.IsType<SocketException>(ended).SocketErrorCode);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public async Task A_plain_receive_wakes_when_data_comes(bool portable)
    {
        await using Ends ends = await Ends.OpenAsync(portable);
        CallingThread<int> receiving = new(() => ends.Server.Receive(new byte[8]));
        await receiving.SleepsAsync();
        ends.Client.SendAll("wake"u8);
        Assert.Equal(4, await receiving.Result.WaitAsync(Hang.Limit));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public async Task A_plain_poll_ends_at_its_deadline_or_when_data_comes(bool portable)
    {
        await using Ends ends = await Ends.OpenAsync(portable);
        SocketPoll[] items = [new(ends.Server, SocketEvents.Readable)];
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(0, ends.Network.Poll(items, Short));
        Assert.True(Stopwatch.GetElapsedTime(start) >= Short - Tolerance);
        CallingThread<int> polling = new(() => ends.Network.Poll(items));
        await polling.SleepsAsync();
        ends.Client.SendAll("x"u8);
        Assert.Equal(1, await polling.Result.WaitAsync(Hang.Limit));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public async Task Disposing_ends_a_plain_poll_that_waits(bool portable)
    {
        await using Ends ends = await Ends.OpenAsync(portable);
        SocketPoll[] items = [new(ends.Client, SocketEvents.Readable), new(ends.Server, SocketEvents.Readable)];
        CallingThread<int> polling = new(() => ends.Network.Poll(items));
        await polling.SleepsAsync();
        ends.Datagrams.Dispose();
        Assert.False(polling.Result.IsCompleted);
        ends.Server.Abort();
        Assert.InRange(await polling.Result.WaitAsync(Hang.Limit), 1, 2);
        Assert.Equal(SocketEvents.HangUp, items[1].Found);
        Assert.Equal(SocketEvents.HangUp, ends.Server.Poll(SocketEvents.Readable));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public async Task Disposing_ends_a_plain_try_to_connect_with_a_result(bool portable)
    {
        await using HostNetwork network = new(null, portable);
        using NetworkSocket full = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(backlog: 0);
        using NetworkSocket first = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        first.Connect(full.LocalEndPoint!);
        EndPoint remote = full.LocalEndPoint!;
        (SocketError Error, Exception? Thrown) ended;
        do
        {
            NetworkSocket second = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
            CallingThread<(SocketError, Exception?)> connecting = new(() =>
            {
                SocketError error = SocketError.Success;
                Exception? thrown = Record.Exception(() => error = second.TryConnect(remote));
                return (error, thrown);
            });
            await connecting.SleepsAsync();
            second.Dispose();
            ended = await connecting.Result.WaitAsync(Hang.Limit);
        }
        while (ended.Thrown is ObjectDisposedException);   // it came too late: once more

        Assert.Equal((SocketError.OperationAborted, null), ended);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public async Task A_plain_connect_waits_for_its_end(bool portable)
    {
        await using Ends ends = await Ends.OpenAsync(portable);
        using NetworkSocket client = ends.Network.CreateSocket(AddressFamily.Unix, SocketType.Stream);
        client.Connect(ends.Listener.LocalEndPoint!);
        Assert.NotNull(client.HandshakeTime);
        using NetworkSocket refused = ends.Network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        using NetworkSocket holder = ends.Network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.Equal(SocketError.ConnectionRefused, refused.TryConnect(holder.LocalEndPoint!));
        using NetworkSocket another = ends.Network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        Assert.Throws<SocketException>(() => another.Connect(holder.LocalEndPoint!));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public async Task A_plain_connect_to_silence_ends_at_its_deadline(bool portable)
    {
        await using HostNetwork network = new(null, portable);
        using NetworkSocket full = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(backlog: 0);
        using NetworkSocket first = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        first.Connect(full.LocalEndPoint!);
        using NetworkSocket second = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        second.Timeout = Short;
        Assert.Throws<SocketTimeoutException>(() => second.Connect(full.LocalEndPoint!));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public async Task A_stream_reads_and_writes_on_its_thread(bool portable)
    {
        await using Ends ends = await Ends.OpenAsync(portable);
        await using Stream there = ends.Network.CreateConnection(ends.Client).AsStream();
        await using Stream here = ends.Network.CreateConnection(ends.Server).AsStream();
        there.Write("plain"u8);
        there.Flush();
        byte[] buffer = new byte[5];
        here.ReadExactly(buffer);
        Assert.Equal("plain"u8.ToArray(), buffer);
        Task closing = there.DisposeAsync().AsTask();
        Assert.Equal(0, here.Read(buffer, 0, 5));
        here.Close();
        await closing;
    }

    private sealed class Ends : IAsyncDisposable
    {
        private static int Names;

        private Ends(HostNetwork network) => Network = network;

        public HostNetwork Network { get; }

        public required NetworkSocket Listener { get; init; }

        public required NetworkSocket Datagrams { get; init; }

        public required NetworkSocket Client { get; init; }

        public required NetworkSocket Server { get; init; }

        public static async Task<Ends> OpenAsync(bool portable)
        {
            HostNetwork network = new(null, portable);
            NetworkSocket datagrams = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
            datagrams.Bind(new IPEndPoint(IPAddress.Loopback, 0));

            // Unix sockets: TCP takes what was sent off the sender's hands later, and a full one has room again.
            NetworkSocket listener = network.CreateSocket(AddressFamily.Unix, SocketType.Stream);
            listener.Bind(new UnixDomainSocketEndPoint($"\0sockeye-plain-{Environment.ProcessId}-{Interlocked.Increment(ref Names)}"));
            listener.Listen();
            NetworkSocket client = network.CreateSocket(AddressFamily.Unix, SocketType.Stream);
            await client.ConnectAsync(listener.LocalEndPoint!);
            return new Ends(network) { Listener = listener, Datagrams = datagrams, Client = client, Server = await listener.AcceptAsync() };
        }

        /// <summary>A call that waits, and its socket.</summary>
        public (NetworkSocket Socket, Action Call) Blocked(string name)
        {
            byte[] buffer = new byte[16];
            if (name.StartsWith("Send", StringComparison.Ordinal))
            {
                while (Client.TrySend(buffer, out _) == SocketError.Success)
                {
                }
            }

            return name switch
            {
                "Receive" => (Server, () => Server.Receive(buffer)),
                "ReceiveAll" => (Server, () => Server.ReceiveAll(buffer)),
                "ReceiveFrom" => (Server, () => Server.ReceiveFrom(buffer)),
                "ReceiveSeveral" => (Server, () => Server.Receive([buffer])),
                "Send" => (Client, () => Client.Send(buffer)),
                "SendAll" => (Client, () => Client.SendAll(buffer)),
                "ReceiveDatagram" => (Datagrams, () => Datagrams.ReceiveFrom(buffer)),
                "SendSeveral" => (Client, () => Client.Send([buffer])),
                _ => (Listener, () => Listener.Accept()),
            };
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            Server.Dispose();
            Datagrams.Dispose();
            Listener.Dispose();
            await Network.DisposeAsync();
        }
    }
}
