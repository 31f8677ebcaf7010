using System.Net.Sockets;

namespace Sockeye.Hub.Watching;

/// <summary>A connection at one moment.</summary>
/// <param name="From">The peer's address, or what it is known by.</param>
/// <param name="Layer">The protocol between the bytes and what is said: TLS and its version, or WebSocket; null: none.</param>
/// <param name="Age">How long it has been there.</param>
/// <param name="Received">The bytes that came.</param>
/// <param name="Sent">The bytes that went.</param>
/// <param name="RoundTrip">The kernel's smoothed round trip time; null where there is none.</param>
/// <param name="QueuedMessages">How many messages wait in the hub to be sent.</param>
/// <param name="QueuedBytes">How many bytes wait in the hub to be sent.</param>
internal sealed record WireFacts(string From, string? Layer, TimeSpan Age, long Received, long Sent, TimeSpan? RoundTrip, int QueuedMessages, long QueuedBytes)
{
    /// <summary>The kernel's round trip time (TCP_INFO); null where it tells none.</summary>
    public static TimeSpan? RoundTripOf(NetworkSocket? socket)
    {
        if (socket is not { IsClosed: false, ProtocolType: ProtocolType.Tcp })
            return null;
        try
        {
            return socket.GetTcpInfo().RoundTripTime;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or PlatformNotSupportedException)
        {
            // It is gone, or of a network that does not know.
            return null;
        }
    }
}
