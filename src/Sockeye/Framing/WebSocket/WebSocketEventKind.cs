namespace Sockeye;

/// <summary>What <see cref="WebSocketDecoder"/> found.</summary>
internal enum WebSocketEventKind
{
    /// <summary>Nothing more in these bytes.</summary>
    NeedsMore,

    /// <summary>A part of a message; the output may be full with it.</summary>
    Data,

    /// <summary>The last part of a message, possibly empty.</summary>
    EndOfMessage,

    /// <summary>A ping: its payload is to be sent back.</summary>
    Ping,

    /// <summary>A pong.</summary>
    Pong,

    /// <summary>The peer's last frame.</summary>
    Close,
}
