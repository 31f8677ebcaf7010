using System.Net;

namespace Sockeye;

/// <summary>Sends and receives whole datagrams. One receiver at a time; any number of senders.</summary>
public abstract class DatagramSocket : IAsyncDisposable
{
    /// <summary>The most one datagram carries over IPv4: 65,535 bytes less the headers of IP and UDP (RFC 768, RFC 791).</summary>
    public const int DatagramMax = 65_507;

    /// <summary>The address it was opened with; a bound one has the port it got.</summary>
    public abstract Address Address { get; }

    /// <summary>Where it is bound: more than one for <c>localhost</c>.</summary>
    public abstract IReadOnlyList<EndPoint> LocalEndPoints { get; }

    /// <summary>Whom it talks to; null if anybody.</summary>
    public abstract EndPoint? RemoteEndPoint { get; }

    /// <summary>The clock of the network it is on.</summary>
    public abstract TimeProvider TimeProvider { get; }

    /// <summary>The socket below, for options; the first of several.</summary>
    public abstract NetworkSocket? Socket { get; }

    /// <summary>All sockets below: several for <c>localhost</c>.</summary>
    internal virtual IReadOnlyList<NetworkSocket> Sockets => Socket is { } socket ? [socket] : [];

    /// <summary>An empty address for <see cref="ReceiveAsync(Memory{byte}, SocketAddress, CancellationToken)"/>, large enough for any sender.</summary>
    public abstract SocketAddress CreateAddress();

    /// <summary>Receives one datagram and its sender. This form allocates nothing.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The network failed, or the socket was disposed meanwhile.</exception>
    public abstract ValueTask<DatagramResult> ReceiveAsync(Memory<byte> buffer, SocketAddress from, CancellationToken cancellationToken = default);

    /// <summary>Sends one datagram to <paramref name="to"/>. This form allocates nothing.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">With MessageSize if it is too long.</exception>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> datagram, SocketAddress to, CancellationToken cancellationToken = default);

    /// <summary>Sends one datagram to the peer this socket is connected to.</summary>
    /// <exception cref="InvalidOperationException">It is not connected.</exception>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken = default);

    /// <summary>
    /// Receives the datagrams that are there into <paramref name="batch"/>, as many as it holds; waits for the first if there are none. What the batch held before is gone. On Linux
    /// this is one system call (recvmmsg(2)). It allocates nothing.
    /// </summary>
    /// <exception cref="System.Net.Sockets.SocketException">The network failed, or the socket was disposed meanwhile.</exception>
    public virtual async ValueTask ReceiveAsync(DatagramBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Clear();
        BatchedDatagram datagram = batch.At(0);
        SocketAddress from = datagram.EmptyAddress();
        datagram.Set(await ReceiveAsync(datagram.Room, from, cancellationToken).ConfigureAwait(false), from);
        batch.Count = 1;
    }

    /// <summary>
    /// Sends the datagrams of <paramref name="batch"/> in order, all of them, each to its address or else to the peer this socket is connected to, and waits where the network takes
    /// no more. On Linux this is one system call (sendmmsg(2)), and datagrams of one length to one address are one message of it (UDP_SEGMENT, udp(7)). It allocates nothing. When it
    /// fails or is cancelled, the first <see cref="DatagramBatch.SentCount"/> have gone, and <see cref="SendAsync(DatagramBatch, int, CancellationToken)"/> goes on behind
    /// the one that did not. What the network tells late, that nobody receives there, it may tell of a later datagram, or in the next call.
    /// </summary>
    /// <exception cref="System.Net.Sockets.SocketException">The network failed; the message says at which datagram. With MessageSize if that one is too long.</exception>
    public ValueTask SendAsync(DatagramBatch batch, CancellationToken cancellationToken = default) => SendAsync(batch, first: 0, cancellationToken);

    /// <summary>Sends the datagrams of <paramref name="batch"/> from <paramref name="first"/> on.</summary>
    /// <inheritdoc cref="SendAsync(DatagramBatch, CancellationToken)"/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="first"/> is negative, or more than the batch holds.</exception>
    public virtual async ValueTask SendAsync(DatagramBatch batch, int first, CancellationToken cancellationToken = default)
    {
        CheckFirst(batch, first);
        for (batch.SentCount = first; batch.SentCount < batch.Count; batch.SentCount++)
        {
            BatchedDatagram datagram = batch.At(batch.SentCount);
            if (datagram.RemoteAddress is { } to)
                await SendAsync(datagram.Bytes, to, cancellationToken).ConfigureAwait(false);
            else
                await SendAsync(datagram.Bytes, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Receives one datagram: its bytes and its sender's end point.</summary>
    public async ValueTask<ReceivedDatagram> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        SocketAddress from = CreateAddress();
        DatagramResult result = await ReceiveAsync(buffer, from, cancellationToken).ConfigureAwait(false);
        return new ReceivedDatagram(buffer[..result.Count], EndPoints.Unmap(EndPoints.FromAddress(from)), result.Truncated);
    }

    /// <summary>Sends one datagram to <paramref name="to"/>.</summary>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> datagram, EndPoint to, CancellationToken cancellationToken = default);

    /// <summary>Tells one more observer what happens on its sockets from now on.</summary>
    /// <returns>Disposed, it ends this.</returns>
    public IDisposable Observe(SocketObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        foreach (NetworkSocket socket in Sockets)
            socket.AddObserver(observer);
        return new Observation(() =>
        {
            foreach (NetworkSocket socket in Sockets)
                socket.RemoveObserver(observer);
        });
    }

    /// <summary>Closes. Idempotent.</summary>
    public abstract ValueTask DisposeAsync();

    private protected static void CheckFirst(DatagramBatch batch, int first)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, batch.Count);
    }
}
