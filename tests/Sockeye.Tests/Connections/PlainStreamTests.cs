using System.Net.Sockets;
using Sockeye.Tests.Sockets;

namespace Sockeye.Tests.Connections;

/// <summary>The plain calls of a connection's stream wait in the network's plain wait: they need no thread but their own.</summary>
public class PlainStreamTests
{
    [Fact]
    public void A_plain_read_waits_in_the_plain_wait()
    {
        using PlainSocket socket = new();
        Stream stream = socket.Network.CreateConnection(socket).AsStream();

        Assert.Equal(1, stream.Read(new byte[4], 0, 4));

        Assert.Equal([SocketEvents.Readable], socket.Waits);
    }

    [Fact]
    public void A_plain_write_and_flush_wait_in_the_plain_wait()
    {
        using PlainSocket socket = new();
        Connection connection = socket.Network.CreateConnection(socket);
        Stream stream = connection.AsStream();

        stream.Write(new byte[10], 0, 10);
        Assert.Equal([SocketEvents.Writable], socket.Waits);
        Assert.Equal(10, socket.BytesSent);

        connection.Output.GetSpan(3);
        connection.Output.Advance(3);
        stream.Flush();
        Assert.Equal([SocketEvents.Writable, SocketEvents.Writable], socket.Waits);
        Assert.Equal(13, socket.BytesSent);
    }

    [Fact]
    public void A_close_ends_a_plain_read_and_a_plain_write()
    {
        using PlainSocket socket = new();
        Connection connection = socket.Network.CreateConnection(socket);
        Stream stream = connection.AsStream();
        socket.OnWait = () => connection.Abort();

        Assert.Throws<IOException>(() => stream.Read(new byte[4], 0, 4));
        Assert.Throws<IOException>(() => stream.Write(new byte[4], 0, 4));
    }

    /// <summary>Would block at first and is ready after each wait.</summary>
    private sealed class PlainSocket() : StubSocket(new MemoryNetwork())
    {
        private bool _isReady;

        public List<SocketEvents> Waits { get; } = [];

        public Action OnWait { get; set; } = () => { };

        protected internal override SocketError TryReceiveCore(Span<byte> buffer, SocketFlags flags, out int count)
        {
            count = _isReady ? 1 : 0;
            return TakeReady();
        }

        protected internal override SocketError TrySendCore(ReadOnlySpan<byte> buffer, SocketFlags flags, out int count)
        {
            count = _isReady ? buffer.Length : 0;
            return TakeReady();
        }

        protected internal override bool WaitCore(SocketEvents events, TimeSpan? timeout)
        {
            Waits.Add(events);
            _isReady = true;
            OnWait();
            return true;
        }

        protected internal override ValueTask<bool> WaitCoreAsync(SocketEvents events, uint epoch, TimeSpan? timeout, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("no plain wait");

        private SocketError TakeReady()
        {
            SocketError error = _isReady ? SocketError.Success : SocketError.WouldBlock;
            _isReady = false;
            return error;
        }
    }
}
