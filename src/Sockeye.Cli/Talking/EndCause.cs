namespace Sockeye.Cli.Talking;

/// <summary>Why a conversation has ended. The names, in lower case, are the reasons of the JSON: docs/cli-json.md.</summary>
internal enum EndCause
{
    /// <summary>Both directions have ended, each by itself.</summary>
    Ended,

    /// <summary>The peer reset the connection.</summary>
    Reset,

    /// <summary>The peer's stream ended without the end that its protocol has: TLS without close_notify.</summary>
    Cut,

    /// <summary>The peer closed a WebSocket with a status that says that something went wrong.</summary>
    Failed,

    /// <summary>TLS failed.</summary>
    Tls,

    /// <summary>Nothing moved for the idle time.</summary>
    Idle,

    /// <summary>One direction had ended, and the other did not within the time for that.</summary>
    Linger,

    /// <summary>Nobody reads any more what the peer sends.</summary>
    Closed,

    /// <summary>Asked to stop.</summary>
    Interrupted,

    /// <summary>Anything else that failed.</summary>
    Error,
}
