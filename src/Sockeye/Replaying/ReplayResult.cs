namespace Sockeye;

/// <summary>What came of playing a recording back.</summary>
public sealed record ReplayResult
{
    /// <summary>Where the peer first answered otherwise; null: nowhere.</summary>
    public required ReplayDifference? Difference { get; init; }

    /// <summary>How many bytes were sent.</summary>
    public required long BytesSent { get; init; }

    /// <summary>How many bytes came and were compared.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }
}
