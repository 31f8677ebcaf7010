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
}
