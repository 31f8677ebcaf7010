namespace Sockeye;

/// <summary>The first place where a peer answered otherwise than recorded.</summary>
public sealed record ReplayDifference
{
    /// <summary>So many bytes of <see cref="Expected"/> and <see cref="Actual"/> are kept at most.</summary>
    public const int ShownMax = 64;

    /// <summary>How.</summary>
    public required ReplayDifferenceKind Kind { get; init; }

    /// <summary>How many bytes of the peer's stream are before it.</summary>
    public required long Offset { get; init; }

    /// <summary>In which frame of the peer's stream it is, from 1; null where frames were not asked for, or the recording has none there.</summary>
    public long? Frame { get; init; }

    /// <summary>What was recorded from there on; empty: nothing more.</summary>
    public ReadOnlyMemory<byte> Expected { get; init; }

    /// <summary>What came from there on; empty: nothing.</summary>
    public ReadOnlyMemory<byte> Actual { get; init; }

    /// <summary>The same as a sentence without its end, as in "the server sent another byte at offset 17, in its frame 3".</summary>
    public required string Message { get; init; }
}
