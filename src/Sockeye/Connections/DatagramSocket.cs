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
}
