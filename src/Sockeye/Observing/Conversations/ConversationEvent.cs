using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Something that happened in a conversation, as a <see cref="ConversationRecorder"/> gets it. What does not belong to its kind is null, empty or zero.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Conversation">In which.</param>
public sealed record ConversationEvent(ConversationEventKind Kind, SocketConversation Conversation)
{
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The socket that told of it; of what ends a conversation, the last.</summary>
    public required NetworkSocket Socket { get; init; }

    /// <summary>The direction: from the client to the server, or back.</summary>
    public bool FromClient { get; init; }

    /// <summary>
    /// Where in this direction it was seen: where the bytes came from, as its sender's writes arrived or were made (true), or where they went to, as they were written on or
    /// read (false).
    /// </summary>
    public bool AtSource { get; init; }

    /// <summary>Of bytes, and of an end: whether it is told of at its source too, so that who shows what was said shows it once.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>How many bytes went the same way before these, seen at the same side.</summary>
    public long Offset { get; init; }

    /// <summary>How many bytes.</summary>
    public long Length { get; init; }

    /// <summary>The bytes, or as many of their first as the recorder keeps; valid during the call only.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>How long connecting, or a handshake, took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Where it connects to.</summary>
    public EndPoint? EndPoint { get; init; }

    /// <summary>What shakes hands: a <see cref="TlsConnection"/> or a <see cref="WebSocketConnection"/>.</summary>
    public Connection? Layer { get; init; }

    /// <summary>What a fault did. Where it has no direction of its own, <see cref="FromClient"/> says nothing.</summary>
    public SocketFault? Fault { get; init; }

    /// <summary>Why a call failed.</summary>
    public SocketError Error { get; init; }
}
