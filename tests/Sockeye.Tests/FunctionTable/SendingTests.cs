using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Sockeye.Tests.FunctionTable;

public class SendingTests : FunctionTableTests
{
    private readonly byte[] _buffer = new byte[100];

    [Fact]
    public async Task Send()
    {
        CancellationToken stop = Stop;
        (NetworkSocket socket, NetworkSocket peer) = OpenPair();
        byte[] data = new byte[8 * 1024 * 1024];
        // snippet: send
        int sent = socket.Send(data);                       // what fits: may be less than all
        // end snippet
        Assert.InRange(sent, 1, data.Length - 1);
        // snippet: send try
        SocketError error = socket.TrySend(data, out sent); // WouldBlock: nothing fits
        // end snippet
        Assert.Equal((SocketError.WouldBlock, 0), (error, sent));
        peer.ReceiveAll(new byte[socket.BytesSent]);
        // snippet: send async
        sent = await socket.SendAsync(data, cancellationToken: stop);
        // end snippet
        Assert.InRange(sent, 1, data.Length - 1);
    }

    [Fact]
    public async Task Sendall()
    {
        CancellationToken stop = Stop;
        (NetworkSocket socket, NetworkSocket peer) = OpenPair();
        byte[] data = new byte[8 * 1024 * 1024];
        Task<int> reading = peer.ReceiveAllAsync(new byte[2 * data.Length], stop).AsTask();
        // snippet: sendall
        socket.SendAll(data);
        await socket.SendAllAsync(data, stop);
        // end snippet
        Assert.Equal(2 * data.Length, await reading);
    }

    [Fact]
    public void Sendall_that_fails()
    {
        (NetworkSocket socket, NetworkSocket peer) = OpenPair();
        byte[] data = new byte[8 * 1024 * 1024];
        socket.Timeout = TimeSpan.FromMilliseconds(1);
        int sent = 0;
        // snippet: sendall that fails
        try
        {
            socket.SendAll(data);
        }
        catch (SocketException e)
        {
            sent = NetworkSocket.SentBefore(e);             // how much had gone
        }
        // end snippet
        Assert.Equal(socket.BytesSent, sent);
        Assert.Equal(sent, peer.ReceiveAll(new byte[sent]));
    }

    [Fact]
    public async Task Sendto()
    {
        CancellationToken stop = Stop;
        NetworkSocket socket = Open(type: SocketType.Dgram), peer = OpenBound(SocketType.Dgram);
        EndPoint receiver = peer.LocalEndPoint!;
        // snippet: sendto
        socket.SendTo("one"u8, receiver);
        await socket.SendToAsync("two"u8.ToArray(), receiver, cancellationToken: stop);
        // end snippet
        SocketAddress to = receiver.Serialize();
        // snippet: sendto often
        socket.SendTo("three"u8, to);                       // a SocketAddress used again: nothing is allocated
        // end snippet
        Assert.Equal(["one", "two", "three"], Enumerable.Range(0, 3).Select(_ => Receive(peer)));
    }

    [Fact]
    public async Task Sendmsg()
    {
        CancellationToken stop = Stop;
        (NetworkSocket socket, NetworkSocket peer) = OpenPair(SocketType.Dgram);
        byte[] head = "head "u8.ToArray(), body = "body"u8.ToArray();
        // snippet: sendmsg
        int sent = socket.Send([head, body]);               // in order, as one call: one message
        sent += await socket.SendAsync([head, body], cancellationToken: stop);
        // end snippet
        Assert.Equal(18, sent);
        Assert.Equal("head body", Receive(peer));
        Assert.Equal("head body", Receive(peer));
    }

    [Fact]
    public async Task Send_fds()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Descriptors pass on Linux only.");
        CancellationToken stop = Stop;
        TempFolder folder = OpenFolder();
        (NetworkSocket socket, NetworkSocket peer) = OpenPair();
        using FileStream file = File.Create(Path.Combine(folder.Path, "file"));
        byte[] buffer = new byte[10];
        // snippet: send_fds
        SafeHandle[] files = [file.SafeFileHandle];
        socket.SendDescriptors("log"u8, files);
        DescriptorResult result = peer.ReceiveDescriptors(buffer, max: 8);
        using FileStream received = new(result.Descriptors[0], FileAccess.Write);
        // end snippet
        received.Write("hello"u8);
        received.Flush();
        Assert.Equal((3, 5), (result.Count, file.Length));
        // snippet: send_fds async
        await socket.SendDescriptorsAsync("log"u8.ToArray(), files, stop);
        result = await peer.ReceiveDescriptorsAsync(buffer, max: 8, stop);
        // end snippet
        Assert.Single(result.Descriptors).Dispose();
    }

    private string Receive(NetworkSocket socket) => Encoding.UTF8.GetString(_buffer, 0, socket.Receive(_buffer));
}
