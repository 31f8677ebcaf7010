using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sockeye.Tests.FunctionTable;

public class ClosingTests : FunctionTableTests
{
    [Fact]
    public async Task Makefile()
    {
        (NetworkSocket socket, NetworkSocket peer) = OpenPair();
        peer.SendAll("first\nsecond\n"u8);
        // snippet: makefile
        using Stream stream = socket.AsStream();
        using StreamReader reader = new(stream);
        string? first = reader.ReadLine(), second = await reader.ReadLineAsync();
        await using StreamWriter writer = new(stream) { AutoFlush = true };
        await writer.WriteLineAsync("third");
        // end snippet
        Assert.Equal(("first", "second"), (first, second));
        byte[] buffer = new byte[10];
        Assert.Equal("third\n", Encoding.UTF8.GetString(buffer, 0, peer.Receive(buffer)));
    }

    [Fact]
    public void Shutdown()
    {
        (NetworkSocket socket, NetworkSocket peer) = OpenTcp();
        byte[] buffer = new byte[10];
        peer.Send("x"u8);
        // snippet: shutdown
        socket.Shutdown(SocketShutdown.Send);       // sends FIN,
        int count = socket.Receive(buffer);         // and what the peer sends still comes
        // end snippet
        Assert.Equal(1, count);
        Assert.Equal(0, peer.Receive(buffer));
    }

    [Fact]
    public void Close()
    {
        NetworkSocket socket = Open();
        // snippet: close
        socket.Dispose();
        // end snippet
        Assert.True(socket.IsClosed);
        Assert.Throws<ObjectDisposedException>(() => socket.Receive(new byte[1]));
        socket.Dispose();
    }

    [Fact]
    public void Abort()
    {
        (NetworkSocket socket, NetworkSocket peer) = OpenTcp();
        // snippet: close with a reset
        socket.Abort();     // Python: SO_LINGER with zero seconds, then close
        // end snippet
        Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => peer.Receive(new byte[1])).SocketErrorCode);
    }

    [Fact]
    public void Detach()
    {
        NetworkSocket socket = Open();
        // snippet: detach
        using SafeSocketHandle handle = socket.Detach();
        // end snippet
        Assert.False(handle.IsInvalid || handle.IsClosed);
        Assert.True(socket.IsClosed);
    }

    [Fact]
    public async Task Poll()
    {
        Network network = Network.Host;
        CancellationToken stop = Stop;
        (NetworkSocket peer, NetworkSocket first) = OpenPair();
        NetworkSocket second = OpenListening();
        peer.Send("x"u8);
        // snippet: poll
        SocketPoll[] items = [new(first, SocketEvents.Readable), new(second, SocketEvents.Readable)];
        int ready = network.Poll(items, timeout: TimeSpan.FromSeconds(5));
        foreach (SocketPoll item in items)
        {
            if ((item.Found & SocketEvents.Readable) != 0)
                item.Socket.TryReceive(new byte[100], out _);
        }
        // end snippet
        Assert.Equal((1, SocketEvents.Readable, SocketEvents.None), (ready, items[0].Found, items[1].Found));
        // snippet: poll async
        ready = await network.PollAsync(items, timeout: TimeSpan.Zero, stop);       // zero only looks
        // end snippet
        Assert.Equal(0, ready);
    }

    [Fact]
    public async Task Getaddrinfo()
    {
        Network network = Network.Host;
        CancellationToken stop = Stop;
        // snippet: getaddrinfo
        IPAddress[] addresses = await network.ResolveAsync("localhost", cancellationToken: stop);
        // end snippet
        Assert.NotEmpty(addresses);
        Assert.All(addresses, address => Assert.True(IPAddress.IsLoopback(address)));
    }

    [Fact]
    public void Gethostname()
    {
        Network network = Network.Host;
        // snippet: gethostname
        string name = network.HostName;
        // end snippet
        Assert.Equal(Dns.GetHostName(), name);
    }
}
