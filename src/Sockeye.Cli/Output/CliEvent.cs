namespace Sockeye.Cli.Output;

/// <summary>One thing that happened, before it becomes a line.</summary>
internal sealed record CliEvent(EventKind Kind)
{
    /// <summary>How many of the bytes that came are kept for showing.</summary>
    public const int PreviewBytesMax = 1024;

    public DateTimeOffset Time { get; init; }

    /// <summary>Our end point.</summary>
    public string? Address { get; init; }

    /// <summary>Their end point.</summary>
    public string? Peer { get; init; }

    /// <summary>Where it is relayed to.</summary>
    public string? Target { get; init; }

    /// <summary>The connection's number, counted from 1; null for datagrams.</summary>
    public long? Connection { get; init; }

    /// <summary>How many bytes came from the peer; of an event that ends a connection, how many in all.</summary>
    public long? Bytes { get; init; }

    /// <summary>How many bytes were sent to the peer in all, of an event that ends a connection.</summary>
    public long? Sent { get; init; }

    /// <summary>How long it took, or lasted.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The first <see cref="PreviewBytesMax"/> of the bytes that came.</summary>
    public byte[]? Preview { get; init; }

    /// <summary>The SHA-256 of a certificate, to hand over.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The TLS version of a connection, "1.3"; null for plain ones.</summary>
    public string? Tls { get; init; }

    /// <summary>One word: why it left, or was refused.</summary>
    public string? Reason { get; init; }

    /// <summary>More about it, for people.</summary>
    public string? Message { get; init; }

    /// <summary>How many: connections still open when stopping, or events lost.</summary>
    public long? Count { get; init; }

    /// <summary>Which direction: <c>received</c> or <c>sent</c>.</summary>
    public string? Direction { get; init; }

    /// <summary>Whether somebody types, and would not see it otherwise: it is told even where only notices are.</summary>
    public bool IsForWhoTypes { get; init; }

    /// <summary>What a program ended with.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Of a WebSocket's message: <c>text</c> or <c>binary</c>.</summary>
    public string? MessageType { get; init; }

    /// <summary>The status of the peer's Close frame on a WebSocket; 1005 if it had none, 1006 if none came.</summary>
    public int? CloseStatus { get; init; }

    /// <summary>The reason in it; null for none.</summary>
    public string? CloseReason { get; init; }
}
