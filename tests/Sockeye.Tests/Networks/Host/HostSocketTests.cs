using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Networks.Host;

/// <summary>What a socket of the operating system owes to threads that come late, or many at once.</summary>
public class HostSocketTests
{
    [Fact]
    public void An_option_set_too_late_never_reaches_another_socket()
    {
        (NetworkSocket closed, NetworkSocket peer) = Network.Host.CreatePair();
        using NetworkSocket kept = peer;
        closed.Dispose();

        // As a rule it has the number that has just become free.
        (NetworkSocket next, NetworkSocket other) = Network.Host.CreatePair();
        using NetworkSocket first = next;
        using NetworkSocket second = other;

        // So calls a thread that has looked before the close whether the socket is open.
        Assert.Equal(SocketError.OperationAborted, closed.SetOptionCore(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, 1));
        Assert.Equal(SocketError.OperationAborted, closed.GetOptionCore(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, out _));
        Assert.False(first.KeepAlive);
    }

    [Fact]
    public async Task Many_senders_are_all_counted()
    {
        const int Times = 20_000;
        using NetworkSocket receiver = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using NetworkSocket sender = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        SocketAddress to = receiver.LocalEndPoint!.Serialize();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < Times; i++)
                sender.SendTo([1], to);
        })));
        Assert.Equal(4 * Times, sender.BytesSent);
    }

    [Fact]
    public void An_observer_that_throws_at_the_close_keeps_nothing_open()
    {
        (NetworkSocket socket, NetworkSocket peer) = Network.Host.CreatePair();
        using NetworkSocket kept = peer;
        peer.Timeout = TimeSpan.FromSeconds(20);
        socket.Observer = new Thrower();
        Assert.Throws<InvalidOperationException>(socket.Dispose);
        Assert.Equal(0, peer.Receive(new byte[1]));
    }

    private sealed class Thrower : SocketObserver
    {
        public override void Closed(NetworkSocket socket, bool aborted) => throw new InvalidOperationException("An observer must not throw.");
    }
}
