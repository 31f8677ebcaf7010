namespace Sockeye;

/// <summary>How a served connection ended.</summary>
public enum EndReason
{
    /// <summary>The handler returned, and the connection was closed in order.</summary>
    Completed,

    /// <summary>The handler threw, and the connection was aborted.</summary>
    HandlerError,

    /// <summary>Nothing was sent or received for <see cref="ServerOptions.IdleTimeout"/>, and the connection was aborted.</summary>
    Idle,

    /// <summary>The handler had not returned within <see cref="ServerOptions.DrainTimeout"/>, and the connection was aborted.</summary>
    DrainTimeout,

    /// <summary>
    /// The handshake of TLS or the like failed, or was not done within <see cref="ServerOptions.HandshakeTimeout"/>, or when the server stopped; the handler
    /// never saw the connection.
    /// </summary>
    HandshakeFailed,
}
