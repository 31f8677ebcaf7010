using System.Net.Sockets;
using Sockeye.Eye.Recording;

namespace Sockeye.Hub.Watching;

/// <summary>A connection at one moment.</summary>
/// <param name="From">The peer's address, or what it is known by.</param>
/// <param name="Layer">The protocol between the bytes and what is said: TLS and its version, or WebSocket; null: none.</param>
/// <param name="Age">How long it has been there.</param>
/// <param name="Received">The bytes that came.</param>
/// <param name="Sent">The bytes that went.</param>
/// <param name="Kernel">What the kernel knows of it; null where it tells nothing.</param>
/// <param name="QueuedMessages">How many messages wait in the hub to be sent.</param>
/// <param name="QueuedBytes">How many bytes wait in the hub to be sent.</param>
internal sealed record WireFacts(string From, string? Layer, TimeSpan Age, long Received, long Sent, TcpInfo? Kernel, int QueuedMessages, long QueuedBytes)
{
    /// <summary>The kernel's smoothed round trip time; null where there is none.</summary>
    public TimeSpan? RoundTrip => Kernel?.RoundTripTime;

    /// <summary>How far it has come. Where the kernel does not tell, it is open for as long as it is here.</summary>
    public EyeState State => Kernel?.State switch
    {
        TcpState.CloseWait or TcpState.FinWait1 or TcpState.FinWait2 => EyeState.HalfClosed,
        TcpState.Closing or TcpState.LastAck or TcpState.TimeWait or TcpState.Closed => EyeState.Closed,
        _ => EyeState.Open,
    };

    /// <summary>What the kernel knows (TCP_INFO); null where it tells nothing.</summary>
    public static TcpInfo? KernelOf(NetworkSocket? socket)
    {
        if (socket is not { IsClosed: false, ProtocolType: ProtocolType.Tcp })
            return null;
        try
        {
            return socket.GetTcpInfo();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or PlatformNotSupportedException)
        {
            // It is gone, or of a network that does not know.
            return null;
        }
    }
}
