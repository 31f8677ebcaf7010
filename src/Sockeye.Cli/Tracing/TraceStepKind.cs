namespace Sockeye.Cli.Tracing;

/// <summary>What a step of a connection's life is. The names in lower case are the events of the JSON: docs/cli-json.md.</summary>
internal enum TraceStepKind
{
    /// <summary>A name became addresses.</summary>
    Resolved,

    /// <summary>An address is tried.</summary>
    Connecting,

    /// <summary>An address that was tried failed.</summary>
    Refused,

    /// <summary>An address was given up: another was faster, or the time was over.</summary>
    Abandoned,

    /// <summary>The three-way handshake is done; of datagrams: it is known whom to send to.</summary>
    Connected,

    /// <summary>What the kernel knows of the connection.</summary>
    Kernel,

    /// <summary>A packet that crossed the interface.</summary>
    Segment,

    /// <summary>A protocol above the socket was agreed on.</summary>
    Protocol,

    /// <summary>Bytes were given to the network.</summary>
    Sent,

    /// <summary>Bytes came from it.</summary>
    Received,

    /// <summary>TLS is about to send this, encrypted.</summary>
    Encrypting,

    /// <summary>TLS has decrypted this; nothing: the peer's close_notify, its end in order.</summary>
    Decrypted,

    /// <summary>One direction has ended.</summary>
    Ended,

    /// <summary>The peer reset the connection.</summary>
    Reset,

    /// <summary>How the connection was closed, and who began it.</summary>
    Closed,

    /// <summary>Something worth knowing.</summary>
    Notice,

    /// <summary>The end: how much was sent and received.</summary>
    Done,

    /// <summary>The end, where it failed, and why.</summary>
    Failed,
}
