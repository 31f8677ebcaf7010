using System.Net;
using System.Net.Sockets;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>Plain calls wait on their own thread: here every reactor is held while they do.</summary>
public abstract class PlainCallTests(Engine engine) : ReactorTests(engine)
{
    [Fact]
    public Task Plain_calls_never_need_a_reactor() => RunHeldAsync(async network =>
    {
        using NetworkSocket listener = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using NetworkSocket client = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        Task<NetworkSocket> accepting = Task.Run(listener.Accept);
        client.Connect(listener.LocalEndPoint!);
        using NetworkSocket server = await accepting;

        Task<string> receiving = Task.Run(() => ReceiveText(server));
        client.Send("hello"u8);
        Assert.Equal("hello", await receiving);

        // More than both sides hold: the sender waits for room, the poll for bytes.
        byte[] large = Payload.Of(16 * 1024 * 1024);
        Task sending = Task.Run(() => server.SendAll(large));
        Assert.Equal(1, network.Poll([new SocketPoll(client, SocketEvents.Readable)]));
        byte[] received = new byte[large.Length];
        Assert.Equal(large.Length, client.ReceiveAll(received));
        await sending;
        Assert.Equal(large, received);
    });

    [Fact]
    public Task A_plain_read_of_a_connection_never_needs_a_reactor() => RunHeldAsync(async network =>
    {
        (NetworkSocket first, NetworkSocket second) = network.CreatePair();
        await using Stream stream = network.CreateConnection(first).AsStream();
        using NetworkSocket peer = second;
        byte[] buffer = new byte[16];
        for (int i = 0; i < 10; i++)
        {
            Task<int> reading = Task.Run(() => stream.Read(buffer));
            peer.Send(Payload.Text($"{i}"));
            Assert.Equal($"{i}", Payload.Text(buffer.AsSpan(0, await reading)));
        }

        peer.Dispose();
        Assert.Equal(0, await Task.Run(() => stream.Read(buffer)));
    });

    [Fact]
    public Task Disposing_ends_a_plain_call_too() => RunHeldAsync(async network =>
    {
        (NetworkSocket first, NetworkSocket second) = network.CreatePair();
        Task<int> receiving = Task.Run(() => first.Receive(new byte[8]));
        first.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => receiving);
        second.Dispose();
    });

    /// <summary>From the reactor's own thread nobody else could signal it.</summary>
    [Fact]
    public Task A_reactors_own_thread_may_read_plainly() => RunAsync(async () =>
    {
        using ReactorPair pair = await ConnectAsync(Open());
        await using Stream stream = pair.Connection.AsStream();
        TaskCompletionSource<string> isReading = new(TaskCreationOptions.RunContinuationsAsynchronously);
        byte[] buffer = new byte[16];
        Task<string> handling = HandleAsync();
        await pair.Peer.SendTextAsync("one");
        Assert.Equal("one", await isReading.Task);
        await pair.Peer.SendTextAsync("two");
        Assert.Equal("two", await handling);

        async Task<string> HandleAsync()
        {
            // This read stops short of its buffer, which is remembered: there is nothing more until a signal comes.
            int count = await stream.ReadAsync(buffer);
            Assert.Equal(0, Here);
            isReading.SetResult(Payload.Text(buffer.AsSpan(0, count)));
            return Payload.Text(buffer.AsSpan(0, stream.Read(buffer)));
        }
    });

    private static string ReceiveText(NetworkSocket socket)
    {
        byte[] buffer = new byte[64];
        return Payload.Text(buffer.AsSpan(0, socket.Receive(buffer)));
    }

    private Task RunHeldAsync(Func<LinuxNetwork, Task> scenario) => RunAsync(async () =>
    {
        LinuxNetwork network = Open(reactors: 2);
        (NetworkSocket one, NetworkSocket other) = network.CreatePair();
        using HeldReactor first = await HoldAsync(one);
        using HeldReactor second = await HoldAsync(other);
        Assert.NotEqual(ReactorOf(one), ReactorOf(other));
        await Task.Yield();
        await scenario(network);
        Assert.False(first.Left.IsCompleted || second.Left.IsCompleted);
        one.Dispose();
        other.Dispose();
    });
}
