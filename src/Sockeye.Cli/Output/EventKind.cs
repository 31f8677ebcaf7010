namespace Sockeye.Cli.Output;

/// <summary>What an event line tells. The names, in lower case, are those of the JSON: docs/cli-json.md.</summary>
internal enum EventKind
{
    /// <summary>An end point listens.</summary>
    Listening,

    /// <summary>Where others in the network reach an end point that listens on all interfaces.</summary>
    Reachable,

    /// <summary>Where a browser finds the page.</summary>
    Page,

    /// <summary>The link that makes its first user the owner.</summary>
    Owner,

    /// <summary>The certificate that clients are to trust by its fingerprint.</summary>
    Certificate,

    /// <summary>A connection was accepted and is served, or was made.</summary>
    Connected,

    /// <summary>A connection was closed at once.</summary>
    Refused,

    /// <summary>Bytes came on a connection, or a datagram came.</summary>
    Received,

    /// <summary>One direction of a connection has ended in order; the other may go on.</summary>
    Ended,

    /// <summary>A connection has ended.</summary>
    Left,

    /// <summary>The program that a connection was given has ended.</summary>
    Exited,

    /// <summary>Something worth knowing happened, and serving goes on.</summary>
    Notice,

    /// <summary>The program was asked to stop.</summary>
    Stopping,

    /// <summary>Every connection has ended.</summary>
    Stopped,

    /// <summary>Events were dropped, because nobody reads the output as fast.</summary>
    Lost,
}
