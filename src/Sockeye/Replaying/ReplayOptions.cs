using System.Buffers;
using System.Text.RegularExpressions;

namespace Sockeye;

/// <summary>How a recording is played back, and what of the answers is compared.</summary>
public sealed record ReplayOptions
{
    /// <summary>What there is unless told otherwise: bytes are compared, and each turn comes as soon as what was before it has come.</summary>
    public static ReplayOptions Default { get; } = new();

    /// <summary>What is compared: <see cref="ReplayComparison.Bytes"/>.</summary>
    public ReplayComparison Comparison { get; init; }

    /// <summary>Bytes of the peer's stream that may be anything, as first and last offset from 0: times, identifiers. They must come all the same.</summary>
    public IReadOnlyList<(long First, long Last)> IgnoredBytes { get; init; } = [];

    /// <summary>
    /// Where the recorded stream of the peer matches one of these, whatever matches too may stand: times, identifiers, counts, of other lengths as well. The bytes are matched as Latin-1, from
    /// where the match begins; what is behind it is compared again. At most 16 KiB may stand there.
    /// </summary>
    public IReadOnlyList<Regex> IgnoredText { get; init; } = [];

    /// <summary>What finds frames in the peer's stream: with it a difference says in which frame it is. <see cref="ReplayComparison.Frames"/> needs one.</summary>
    public FrameCodec<ReadOnlySequence<byte>>? Frames { get; init; }

    /// <summary>How often as fast as recorded our turns come, at the earliest: 1 is the original time. Null, the default, does not wait.</summary>
    public double? Speed { get; init; }

    /// <summary>How long the peer may be silent where the recording has it say something, or end: 5 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
