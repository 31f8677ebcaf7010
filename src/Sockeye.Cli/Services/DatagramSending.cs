using System.Net;
using System.Net.Sockets;

namespace Sockeye.Cli.Services;

/// <summary>Sending datagrams so that no receiver holds up the others.</summary>
internal static class DatagramSending
{
    /// <summary>
    /// Sends one datagram. UDP waits at most for this machine's own queue. A Unix receiver that does not read would be waited for without end:
    /// what does not fit its queue is lost, as datagrams may be.
    /// </summary>
    /// <remarks>
    /// One limit is the kernel's: what a Unix receiver has not read counts against our send buffer, and of one that is connected to us it takes
    /// until that is full (unix(7)). Then the answers to others are lost too, until it reads or closes.
    /// </remarks>
    /// <exception cref="SocketException">The receiver has gone, has no name, or does not read.</exception>
    public static async ValueTask SendNowAsync(this DatagramSocket socket, ReadOnlyMemory<byte> datagram, SocketAddress to, CancellationToken cancellationToken)
    {
        if (to.Family != AddressFamily.Unix || socket.Socket is not { } unix)
        {
            await socket.SendAsync(datagram, to, cancellationToken);
            return;
        }

        SocketError error = unix.TrySendTo(datagram.Span, to, out _);
        if (error == SocketError.WouldBlock)
            throw new SocketException((int)error, "an answer was dropped: the receiver's queue is full, read faster");
        if (error != SocketError.Success)
            throw new SocketException((int)error);
    }
}
