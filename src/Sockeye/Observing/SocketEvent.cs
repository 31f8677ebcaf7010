using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>One event of a socket, as recorders get it. What does not belong to its kind is null, empty or zero.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Socket">Where; the listening socket of an <see cref="SocketEventKind.Accepted"/>.</param>
public sealed record SocketEvent(SocketEventKind Kind, NetworkSocket Socket)
{
    /// <summary>When it happened, UTC: the clock's time when the recorder was made, and what has passed since, so it never goes back. Of a send and a shutdown, when the call began.</summary>
    public DateTimeOffset Time { get; internal set; }

    /// <summary>The socket's number: this recorder counts sockets from 1 in the order it first hears of them.</summary>
    public int Number { get; internal set; }

    /// <summary>The bytes sent or received, decrypted or to be encrypted. A <see cref="MemoryRecorder"/> keeps them; other recorders have them during the call only.</summary>
    public ReadOnlyMemory<byte> Data { get; internal set; }

    /// <summary>How many bytes were sent or received, decrypted or to be encrypted. <see cref="Data"/> is shorter where a recorder keeps the beginning only.</summary>
    public int Length { get; internal set; }

    /// <summary>
    /// Of a stream: how many bytes went the same way before these; encrypted and decrypted ones are counted each for themselves. Events that were
    /// dropped leave a gap.
    /// </summary>
    public long Offset { get; internal set; }

    /// <summary>For whom the socket was made.</summary>
    public NetworkSocket? OnBehalfOf { get; init; }

    /// <summary>What shakes hands over the socket: a <see cref="TlsConnection"/> or a <see cref="WebSocketConnection"/>.</summary>
    public Connection? Layer { get; init; }

    /// <summary>Where it was bound.</summary>
    public EndPoint? Local { get; init; }

    /// <summary>Whom it connects to, whom a datagram went to or came from, or who was accepted.</summary>
    public EndPoint? Remote { get; init; }

    /// <summary>Where the socket was bound, with the first event that moved bytes or ended a direction; null where an earlier one told it.</summary>
    internal EndPoint? OwnEnd { get; set; }

    /// <summary>What it was connected to, likewise.</summary>
    internal EndPoint? PeerEnd { get; set; }

    /// <summary>Of a TCP connection that is closed: what the kernel knew of it; null where it says nothing.</summary>
    internal TcpInfo? Kernel { get; set; }

    /// <summary>Whether a datagram came from a Unix socket without a name.</summary>
    internal bool IsFromNobody { get; init; }

    /// <summary>The socket that was accepted.</summary>
    public NetworkSocket? AcceptedSocket { get; init; }

    /// <summary>How long connecting, or the handshake of what is over the socket, took.</summary>
    public TimeSpan Handshake { get; init; }

    /// <summary>The bytes of a frame, with its prefix or delimiter.</summary>
    public long FrameLength { get; init; }

    /// <summary>Whether the peer ended its direction, not we ours.</summary>
    public bool ByPeer { get; init; }

    /// <summary>Why a call failed.</summary>
    public SocketError Error { get; init; }

    /// <summary>What a fault did.</summary>
    public SocketFault? Fault { get; init; }

    /// <summary>Whether the socket was closed with a reset.</summary>
    public bool Aborted { get; init; }
}
