using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Passing one datagram on.</summary>
internal static class DatagramPassing
{
    /// <summary>The longest datagram that is relayed, in bytes: the most that UDP's length field can say. A longer one (Unix sockets have them) is dropped whole.</summary>
    public const int DatagramSizeMax = 65_535;

    /// <summary>Sends to <paramref name="to"/>, or, null, to the socket's own peer. A Unix receiver is not waited for: that could be for ever.</summary>
    /// <exception cref="SocketException">It cannot be sent.</exception>
    /// <exception cref="ProtocolException">It is too long.</exception>
    public static async ValueTask SendAsync(DatagramSocket socket, byte[] buffer, DatagramResult received, SocketAddress? to)
    {
        if (received.Truncated || received.Count > DatagramSizeMax)
            throw new ProtocolException($"a datagram of more than {DatagramSizeMax} bytes was dropped");
        ReadOnlyMemory<byte> datagram = buffer.AsMemory(0, received.Count);
        for (int tries = 0; ; tries++)
        {
            try
            {
                if (socket.Socket is { AddressFamily: AddressFamily.Unix } unix)
                    SendNow(unix, datagram.Span, to);
                else if (to is null)
                    await socket.SendAsync(datagram).ConfigureAwait(false);
                else
                    await socket.SendAsync(datagram, to).ConfigureAwait(false);
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

    private static void SendNow(NetworkSocket socket, ReadOnlySpan<byte> datagram, SocketAddress? to)
    {
        SocketError error = to is null ? socket.SendOnce(datagram, SocketFlags.None, out _) : socket.SendToOnce(datagram, SocketFlags.None, to, out _);
        if (error == SocketError.WouldBlock)
            throw SocketErrors.Create(error, "relay to", socket.Description, "the receiver has to read faster", "its queue is full, and the datagram was dropped");
        if (error != SocketError.Success)
            throw socket.Failure(error, "relay to");
    }
}
