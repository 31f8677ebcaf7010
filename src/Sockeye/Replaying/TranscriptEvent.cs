namespace Sockeye;

/// <summary>One thing that a side of a recorded connection did.</summary>
public sealed record TranscriptEvent
{
    /// <summary>When.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The client did it; false: the server.</summary>
    public required bool FromClient { get; init; }

    /// <summary>What.</summary>
    public required TranscriptEventKind Kind { get; init; }

    /// <summary>The bytes of <see cref="TranscriptEventKind.Data"/>.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }
}
