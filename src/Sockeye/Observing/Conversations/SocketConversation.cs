using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// What two parties say to each other, and what is known of them: over one connection, over the two connections that a relay joins, or by datagrams.
/// The one who began it is the client.
/// </summary>
/// <remarks>Its figures are those of the last event that was recorded; read them there.</remarks>
public sealed class SocketConversation
{
    internal SocketConversation(SocketType type, DateTimeOffset startedAt) => (SocketType, StartedAt) = (type, startedAt);

    /// <summary>Counted from 1 by its recorder.</summary>
    public long Number { get; internal set; }

    /// <summary>Stream, datagram or SEQPACKET.</summary>
    public SocketType SocketType { get; }

    /// <summary>When the first of it was heard, UTC.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The client's own end point; null where it has no name.</summary>
    public EndPoint? Client { get; internal set; }

    /// <summary>The end point that the client reached: the relay's, or the server itself.</summary>
    public EndPoint? Door { get; internal set; }

    /// <summary>The server's end point; null before it is known.</summary>
    public EndPoint? Server { get; internal set; }

    /// <summary>Whether a relay stands between the two.</summary>
    public bool IsRelayed { get; internal set; }

    /// <summary>The bytes that came from the client.</summary>
    public long BytesFromClient { get; internal set; }

    /// <summary>The bytes that came from the server.</summary>
    public long BytesFromServer { get; internal set; }

    /// <summary>What the kernel last said of the connection on the client's side: round trip time, retransmissions. Null where it says nothing.</summary>
    public TcpInfo? ClientTcpInfo { get; internal set; }

    /// <summary>The same on the server's side.</summary>
    public TcpInfo? ServerTcpInfo { get; internal set; }

    /// <summary>The socket on the client's side: the client's own, or the one that it reached. Null where nobody observes it.</summary>
    public NetworkSocket? ClientSocket => ClientView?.Socket;

    /// <summary>The socket on the server's side: the server's own, or the one that reached it. Null where nobody observes it.</summary>
    public NetworkSocket? ServerSocket => ServerView?.Socket;

    internal ConversationView? ClientView { get; set; }

    internal ConversationView? ServerView { get; set; }

    /// <summary>
    /// Whether it is seen from both sides, and they have the same bytes, so that where they were cut can be compared. A relay that ends a WebSocket passes on what is in its frames.
    /// </summary>
    internal bool HasBothSides =>
        ClientView is { } client && ServerView is { } server && !(IsRelayed && (client.IsWebSocket || server.IsWebSocket));

    /// <summary>Whether it was under way before it was observed.</summary>
    internal bool WasOpen { get; set; }

    internal bool HasFinished { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"#{Number} {Client} to {Server ?? Door}";
}
