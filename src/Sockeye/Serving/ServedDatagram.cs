using System.Net;

namespace Sockeye;

/// <summary>One datagram that a <see cref="DatagramServer"/> serves. Valid until its handler has ended.</summary>
public sealed class ServedDatagram
{
    private readonly byte[] _buffer;
    private int _count;

    internal ServedDatagram(DatagramSocket socket, int sizeMax)
    {
        Socket = socket;
        From = socket.CreateAddress();
        _buffer = new byte[sizeMax];
    }

    /// <summary>The socket it came by.</summary>
    public DatagramSocket Socket { get; }

    /// <summary>Its bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _count);

    /// <summary>Its sender, in the form that sending takes without allocating.</summary>
    public SocketAddress From { get; }

    /// <summary>Its sender as an end point.</summary>
    public EndPoint RemoteEndPoint => EndPoints.Unmap(EndPoints.FromAddress(From));

    /// <summary>Whether it was longer than <see cref="DatagramServerOptions.DatagramSizeMax"/>; the rest is gone.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Whether its sender has a name to answer to: Unix datagram sockets need not.</summary>
    public bool CanReply => From.Size > 2;

    /// <summary>Sends one datagram to its sender.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The sender has no name, or its socket has gone.</exception>
    public ValueTask ReplyAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken = default) =>
        Socket.SendAsync(datagram, From, cancellationToken);

    internal async ValueTask ReceiveAsync(CancellationToken cancellationToken)
    {
        DatagramResult result = await Socket.ReceiveAsync(_buffer, From, cancellationToken).ConfigureAwait(false);
        _count = result.Count;
        IsTruncated = result.Truncated;
    }
}
