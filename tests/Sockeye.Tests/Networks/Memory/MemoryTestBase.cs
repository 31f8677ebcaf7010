using System.Net;
using System.Net.Sockets;
using System.Text;
using Sockeye.Tests.Time;

namespace Sockeye.Tests.Networks.Memory;

/// <summary>A network in memory whose clock the test moves.</summary>
public abstract class MemoryTestBase : IAsyncDisposable
{
    protected MemoryTestBase() => Network = new MemoryNetwork(Clock);

    protected ManualTimeProvider Clock { get; } = new();

    protected MemoryNetwork Network { get; }

    protected MemoryConditions Conditions => Network.Conditions;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Network.DisposeAsync();
    }

    protected static IPEndPoint Ip(string text) => IPEndPoint.Parse(text);

    protected static UnixDomainSocketEndPoint Name(string name) => new(name);

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

    /// <summary>A socket that never waits.</summary>
    protected NetworkSocket Socket(AddressFamily family, SocketType type = SocketType.Stream)
    {
        NetworkSocket socket = Network.CreateSocket(family, type);
        socket.Timeout = TimeSpan.Zero;
        return socket;
    }

    protected NetworkSocket Bound(EndPoint local, SocketType type = SocketType.Dgram)
    {
        NetworkSocket socket = Socket(local.AddressFamily, type);
        socket.Bind(local);
        return socket;
    }

    protected NetworkSocket Listening(EndPoint local, SocketType type = SocketType.Stream, int backlog = NetworkSocket.DefaultBacklog)
    {
        NetworkSocket socket = Bound(local, type);
        socket.Listen(backlog);
        return socket;
    }

    /// <summary>Two connected sockets, and nobody listening any more.</summary>
    protected (NetworkSocket Client, NetworkSocket Server) Connected(EndPoint local, SocketType type = SocketType.Stream)
    {
        using NetworkSocket listener = Listening(local, type);
        NetworkSocket client = Socket(local.AddressFamily, type);
        SocketError error = client.TryConnect(listener.LocalEndPoint!);
        for (int i = 0; i < 3 && Conditions.Delay > TimeSpan.Zero; i++)
            Clock.Advance(Conditions.Delay);
        Assert.Contains(error, new[] { SocketError.Success, SocketError.InProgress });
        Assert.Equal(SocketError.Success, client.TakeError());
        Assert.Equal(SocketError.Success, listener.TryAccept(out NetworkSocket? server));
        server!.Timeout = TimeSpan.Zero;
        return (client, server);
    }

    protected (NetworkSocket Client, NetworkSocket Server) Connected() => Connected(Ip("127.0.0.1:0"));

    /// <summary>What one receive finds, as text; an error by its name.</summary>
    protected static string Receive(NetworkSocket socket, SocketFlags flags = SocketFlags.None)
    {
        byte[] buffer = new byte[1024];
        SocketError error = socket.TryReceive(buffer, out int count, flags);
        return error == SocketError.Success ? Encoding.UTF8.GetString(buffer, 0, count) : error.ToString();
    }

    /// <summary>What one receive of a datagram finds: its text and its sender; an error by its name.</summary>
    protected static string ReceiveFrom(NetworkSocket socket)
    {
        byte[] buffer = new byte[1024];
        SocketAddress from = socket.CreateAddress();
        SocketError error = socket.TryReceiveFrom(buffer, out DatagramResult result, from);
        return error == SocketError.Success ? $"{Encoding.UTF8.GetString(buffer, 0, result.Count)} from {EndPoints.FromAddress(from)}" : error.ToString();
    }

    protected static SocketError Send(NetworkSocket socket, string text) => socket.TrySend(Bytes(text), out _);

    /// <summary>Sends until the network takes no more, and counts.</summary>
    protected static int Fill(NetworkSocket socket)
    {
        byte[] chunk = new byte[1000];
        int total = 0;
        while (socket.TrySend(chunk, out int count) == SocketError.Success)
            total += count;
        return total;
    }

    protected static SocketException Fails(SocketError error, Action call)
    {
        SocketException e = Assert.Throws<SocketException>(call);
        Assert.Equal(error, e.SocketErrorCode);
        return e;
    }

    protected static async Task<SocketException> FailsAsync(SocketError error, Func<Task> call)
    {
        SocketException e = await Assert.ThrowsAnyAsync<SocketException>(() => Within(call()));
        Assert.Equal(error, e.SocketErrorCode);
        return e;
    }

    protected static Task Within(Task task) => task.WaitAsync(Hang.Limit);

    protected static Task<T> Within<T>(Task<T> task) => task.WaitAsync(Hang.Limit);
}
