namespace Sockeye.Cli.Tracing;

/// <summary>One step of a connection's life, before it becomes a line. What does not belong to its kind is null.</summary>
internal sealed record TraceStep(TraceStepKind Kind)
{
    /// <summary>When, counted from the beginning of the trace.</summary>
    public TimeSpan At { get; init; }

    /// <summary>The address that was asked for.</summary>
    public string? Address { get; init; }

    /// <summary>The peer's end point.</summary>
    public string? Peer { get; init; }

    /// <summary>Our end point.</summary>
    public string? Local { get; init; }

    /// <summary>What a name resolved to.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How many bytes; at the end, how many were received in all.</summary>
    public long? Bytes { get; init; }

    /// <summary>At the end: how many bytes were sent in all.</summary>
    public long? BytesSent { get; init; }

    /// <summary>The first of the bytes.</summary>
    public byte[]? Preview { get; init; }

    /// <summary>Of whose direction this is.</summary>
    public bool? IsByPeer { get; init; }

    /// <summary>One word: why.</summary>
    public string? Reason { get; init; }

    /// <summary>What the protocol is called, "TLS".</summary>
    public string? Protocol { get; init; }

    /// <summary>More about it, for people.</summary>
    public string? Message { get; init; }

    /// <summary>What the kernel knew.</summary>
    public TcpInfo? Kernel { get; init; }

    /// <summary>The packet.</summary>
    public CapturedPacket? Packet { get; init; }

    /// <summary>What was agreed on, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Parameters { get; init; }

    /// <summary>What the program will end with.</summary>
    public int? ExitCode { get; init; }
}
