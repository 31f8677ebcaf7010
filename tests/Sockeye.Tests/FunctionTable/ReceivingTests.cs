using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sockeye.Tests.FunctionTable;

public class ReceivingTests : FunctionTableTests
{
    [Fact]
    public async Task Recv()
    {
        CancellationToken stop = Stop;
        (NetworkSocket peer, NetworkSocket socket) = OpenPair();
        peer.SendAll("one"u8);
        // snippet: recv
        byte[] buffer = new byte[4096];
        int count = socket.Receive(buffer);         // 0: the peer has ended its side
        string text = Encoding.UTF8.GetString(buffer, 0, count);
        // end snippet
        Assert.Equal("one", text);
        peer.SendAll("four"u8);
        // snippet: recv async
        count = await socket.ReceiveAsync(buffer, cancellationToken: stop);
        // end snippet
        Assert.Equal(4, count);
        // snippet: recv try
        SocketError error = socket.TryReceive(buffer, out count);   // WouldBlock: nothing is there
        // end snippet
        Assert.Equal((SocketError.WouldBlock, 0), (error, count));
        peer.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, socket.Receive(buffer));
    }

    [Fact]
    public void Recv_into()
    {
        (NetworkSocket peer, NetworkSocket socket) = OpenPair();
        byte[] buffer = new byte[10];
        peer.SendAll("abc"u8);
        // snippet: recv_into
        int count = socket.Receive(buffer.AsSpan(start: 4));
        // end snippet
        Assert.Equal(3, count);
        Assert.Equal("abc"u8, buffer.AsSpan(4, 3));
    }

    [Fact]
    public async Task Recvfrom()
    {
        CancellationToken stop = Stop;
        NetworkSocket peer = OpenBound(SocketType.Dgram), socket = OpenBound(SocketType.Dgram);
        byte[] buffer = new byte[4];
        peer.SendTo("hello"u8, socket.LocalEndPoint!);
        // snippet: recvfrom
        SocketAddress from = socket.CreateAddress();                    // one for all receives
        DatagramResult result = socket.ReceiveFrom(buffer, from);
        EndPoint sender = EndPoints.FromAddress(from);
        bool isWhole = !result.Truncated;
        // end snippet
        Assert.Equal((4, false, peer.LocalEndPoint), (result.Count, isWhole, sender));
        peer.SendTo("bye"u8, socket.LocalEndPoint!);
        // snippet: recvfrom async
        result = await socket.ReceiveFromAsync(buffer, from, cancellationToken: stop);
        // end snippet
        Assert.Equal(new DatagramResult(3, Truncated: false), result);
    }

    [Fact]
    public async Task Recvmsg()
    {
        CancellationToken stop = Stop;
        (NetworkSocket peer, NetworkSocket socket) = OpenPair();
        peer.SendAll("headbody"u8);
        // snippet: recvmsg
        byte[] head = new byte[4], body = new byte[100];
        int count = socket.Receive([head, body]);                   // filled in order
        // end snippet
        Assert.Equal((8, "head"), (count, Encoding.UTF8.GetString(head)));
        peer.SendAll("HEAD"u8);
        // snippet: recvmsg async
        count = await socket.ReceiveAsync([head, body], cancellationToken: stop);
        // end snippet
        Assert.Equal((4, "HEAD"), (count, Encoding.UTF8.GetString(head)));
    }

    [Fact]
    public void Peek()
    {
        (NetworkSocket peer, NetworkSocket socket) = OpenPair();
        byte[] buffer = new byte[10];
        peer.SendAll("abc"u8);
        // snippet: MSG_PEEK
        int seen = socket.Receive(buffer, SocketFlags.Peek);        // looks,
        int taken = socket.Receive(buffer);                         // and takes the same
        // end snippet
        Assert.Equal((3, 3), (seen, taken));
        Assert.Equal(3, socket.BytesReceived);
    }

    [Fact]
    public async Task Waitall()
    {
        CancellationToken stop = Stop;
        (NetworkSocket peer, NetworkSocket socket) = OpenPair();
        peer.SendAll("abcd"u8);
        peer.SendAll("efgh"u8);
        peer.SendAll("ij"u8);
        peer.Shutdown(SocketShutdown.Send);
        byte[] buffer = new byte[6];
        // snippet: MSG_WAITALL
        int count = socket.ReceiveAll(buffer);                      // less than asked only at the end of the stream
        // end snippet
        Assert.Equal((6, "abcdef"), (count, Encoding.UTF8.GetString(buffer)));
        // snippet: MSG_WAITALL async
        count = await socket.ReceiveAllAsync(buffer, stop);
        // end snippet
        Assert.Equal((4, "ghij"), (count, Encoding.UTF8.GetString(buffer, 0, 4)));
    }

    [Fact]
    public void Out_of_band()
    {
        (NetworkSocket socket, NetworkSocket peer) = OpenTcp();
        byte[] buffer = new byte[10];
        // snippet: MSG_OOB
        socket.Send("!"u8, SocketFlags.OutOfBand);
        int count = peer.Receive(buffer, SocketFlags.OutOfBand);    // the urgent byte, past what was sent before it
        // end snippet
        Assert.Equal((1, (byte)'!'), (count, buffer[0]));
        socket.Send("x"u8);
        Assert.Equal((1, (byte)'x'), (peer.Receive(buffer), buffer[0]));
    }
}
