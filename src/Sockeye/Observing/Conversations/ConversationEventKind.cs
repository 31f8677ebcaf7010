namespace Sockeye;

/// <summary>What can happen in a conversation.</summary>
public enum ConversationEventKind
{
    /// <summary>It has begun: it is the first that is heard of it.</summary>
    Opened,

    /// <summary>A connection to the server was begun.</summary>
    Connecting,

    /// <summary>It was made, after <see cref="ConversationEvent.Duration"/>.</summary>
    Connected,

    /// <summary>TLS or a WebSocket begins to shake hands with this party.</summary>
    Handshaking,

    /// <summary>It has shaken hands, after <see cref="ConversationEvent.Duration"/>.</summary>
    Handshaken,

    /// <summary>Bytes, or a datagram.</summary>
    Data,

    /// <summary>Bytes of TLS: its handshake, or what <see cref="Data"/> tells of in the clear.</summary>
    Encrypted,

    /// <summary>A program that reads frames found one, <see cref="ConversationEvent.Length"/> bytes long.</summary>
    Frame,

    /// <summary>This direction has ended in order: FIN.</summary>
    Ended,

    /// <summary>It was cut off in this direction: RST.</summary>
    Reset,

    /// <summary>A fault was made on purpose; <see cref="ConversationEvent.Fault"/> says which.</summary>
    Faulted,

    /// <summary>A call failed; <see cref="ConversationEvent.Error"/> says how.</summary>
    Error,

    /// <summary>A socket of it was closed in order.</summary>
    Closed,

    /// <summary>It is over: nothing more will be told of it.</summary>
    Finished,
}
