using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>One event of a socket, as <see cref="MemoryRecorder"/> keeps it. What does not belong to its kind is null, empty or zero.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Socket">Where; the listening socket of an <see cref="SocketEventKind.Accepted"/>.</param>
public sealed record SocketEvent(SocketEventKind Kind, NetworkSocket Socket)
{
    /// <summary>The bytes sent or received: a copy.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Where it was bound.</summary>
    public EndPoint? Local { get; init; }

    /// <summary>Whom it connects to, whom a datagram went to or came from, or who was accepted.</summary>
    public EndPoint? Remote { get; init; }

    /// <summary>The socket that was accepted.</summary>
    public NetworkSocket? AcceptedSocket { get; init; }

    /// <summary>How long connecting took.</summary>
    public TimeSpan Handshake { get; init; }

    /// <summary>The bytes of a frame, with its prefix or delimiter.</summary>
    public long FrameLength { get; init; }

    /// <summary>Whether the peer ended its direction, not we ours.</summary>
    public bool ByPeer { get; init; }

    /// <summary>Why a call failed.</summary>
    public SocketError Error { get; init; }

    /// <summary>Whether the socket was closed with a reset.</summary>
    public bool Aborted { get; init; }
}
