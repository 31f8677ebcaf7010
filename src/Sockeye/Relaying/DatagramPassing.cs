using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Passing one datagram on.</summary>
internal static class DatagramPassing
{
    /// <summary>The longest datagram that is relayed, in bytes: the most that UDP's length field can say. A longer one (Unix sockets have them) is dropped whole.</summary>
    public const int DatagramSizeMax = 65_535;

    /// <summary>
    /// How long a Unix receiver whose queue is full (10 datagrams on Linux, net.unix.max_dgram_qlen) is waited for. For ever would be too long: it may
    /// never read again.
    /// </summary>
    public static readonly TimeSpan QueueTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Sends to <paramref name="to"/>, or, null, to the socket's own peer.</summary>
    /// <exception cref="SocketException">It cannot be sent.</exception>
    /// <exception cref="ProtocolException">It is too long.</exception>
    public static async ValueTask SendAsync(DatagramSocket socket, byte[] buffer, DatagramResult received, SocketAddress? to, CancellationToken stop)
    {
        if (received.Truncated || received.Count > DatagramSizeMax)
            throw new ProtocolException($"a datagram of more than {DatagramSizeMax} bytes was dropped");
        ReadOnlyMemory<byte> datagram = buffer.AsMemory(0, received.Count);
        for (int tries = 0; ; tries++)
        {
            try
            {
                if (socket.Socket is not { AddressFamily: AddressFamily.Unix } unix)
                    await SendWaitingAsync(socket, datagram, to, stop).ConfigureAwait(false);
                else if (!TrySendNow(unix, datagram.Span, to))
                    await SendWithinAsync(socket, datagram, to, stop).ConfigureAwait(false);
                return;
            }
            catch (SocketException e) when (tries == 0 && socket.Socket?.AddressFamily != AddressFamily.Unix && IsOfEarlierSend(e.SocketErrorCode))
            {
                // The kernel hands the fate of an earlier datagram to this call, and has not sent this one.
            }
        }
    }

    /// <summary>Errors that a socket reports because of an earlier datagram: nobody was at its port, say.</summary>
    public static bool IsOfEarlierSend(SocketError error) => error is SocketError.ConnectionRefused or SocketError.ConnectionReset
        or SocketError.HostUnreachable or SocketError.HostDown or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.NetworkReset;

    public static SocketAddress Copy(SocketAddress address)
    {
        SocketAddress copy = new(address.Family, address.Size);
        address.Buffer.Span[..address.Size].CopyTo(copy.Buffer.Span);
        return copy;
    }

    private static ValueTask SendWaitingAsync(DatagramSocket socket, ReadOnlyMemory<byte> datagram, SocketAddress? to, CancellationToken stop) =>
        to is null ? socket.SendAsync(datagram, stop) : socket.SendAsync(datagram, to, stop);

    /// <summary>False: the receiver's queue is full.</summary>
    private static bool TrySendNow(NetworkSocket socket, ReadOnlySpan<byte> datagram, SocketAddress? to)
    {
        SocketError error = to is null ? socket.SendOnce(datagram, SocketFlags.None, out _) : socket.SendToOnce(datagram, SocketFlags.None, to, out _);
        return error is SocketError.Success or SocketError.WouldBlock ? error == SocketError.Success : throw socket.Failure(error, "relay to");
    }

    private static async ValueTask SendWithinAsync(DatagramSocket socket, ReadOnlyMemory<byte> datagram, SocketAddress? to, CancellationToken stop)
    {
        using CancellationTokenSource limit = new(QueueTimeout, socket.TimeProvider);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await SendWaitingAsync(socket, datagram, to, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw SocketErrors.Create(
                SocketError.WouldBlock, "relay to", socket.Socket?.Description, "the receiver has to read faster", "its queue was full for a second, and the datagram was dropped");
        }
    }
}
