using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>Who is at the other end of a page's connection.</summary>
/// <param name="origin">The browser: <see cref="Domain.IChatClient.Origin"/>.</param>
/// <param name="remote">Its end point.</param>
/// <param name="socket">Kestrel's socket; null: it does not say.</param>
internal sealed class WebPeer(string origin, IPEndPoint remote, Socket? socket)
{
    private const int TcpLevel = 6;
    private const int TcpInfoOption = 11;
    private const int TcpInfoBytes = 104;

    /// <summary>Where <c>struct tcp_info</c> has its round trip time, in microseconds.</summary>
    private const int RoundTripOffset = 68;

    public string Origin => origin;

    /// <summary>Its address, as the other doors have it for their clients: <see cref="Domain.IChatClient.Host"/>.</summary>
    public string Host { get; } = AddressKeys.HostOf(remote);

    public string From { get; } = new IPEndPoint(remote.Address.IsIPv4MappedToIPv6 ? remote.Address.MapToIPv4() : remote.Address, remote.Port).ToString();

    /// <summary>The kernel's round trip time (TCP_INFO); null where it tells none.</summary>
    public TimeSpan? RoundTrip
    {
        get
        {
            if (socket is null || !OperatingSystem.IsLinux())
                return null;
            Span<byte> info = stackalloc byte[TcpInfoBytes];
            try
            {
                return socket.GetRawSocketOption(TcpLevel, TcpInfoOption, info) >= RoundTripOffset + sizeof(int)
                    ? TimeSpan.FromMicroseconds(MemoryMarshal.Read<int>(info[RoundTripOffset..]))
                    : null;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It is gone.
                return null;
            }
        }
    }
}
