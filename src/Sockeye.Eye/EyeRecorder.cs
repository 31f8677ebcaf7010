using Sockeye.Eye.Recording;

namespace Sockeye.Eye;

/// <summary>
/// Keeps the latest conversations in memory, within limits, for an <see cref="EyePage"/> to show. What can be told for a secret is masked before it is kept.
/// </summary>
public sealed class EyeRecorder : ConversationRecorder
{
    private readonly EyeMemory _memory;

    /// <summary>Makes a recorder.</summary>
    /// <param name="timeProvider">The clock of the events; null for the system's.</param>
    /// <param name="options">How much it keeps; null for the defaults.</param>
    public EyeRecorder(TimeProvider? timeProvider = null, EyeRecorderOptions? options = null)
        : base(timeProvider, options)
    {
        (Options, Clock) = (options ?? new EyeRecorderOptions(), timeProvider ?? TimeProvider.System);
        _memory = new EyeMemory(Options, StartedAt);
        StartTimestamp = Clock.GetTimestamp();
    }

    internal EyeRecorderOptions Options { get; }

    internal EyeMemory Memory => _memory;

    /// <summary>How long it has been recording.</summary>
    internal TimeSpan Elapsed => Clock.GetElapsedTime(StartTimestamp);

    private TimeProvider Clock { get; }

    private long StartTimestamp { get; }

    /// <inheritdoc/>
    protected override void Record(ConversationEvent happened) => _memory.Record(happened);

    /// <inheritdoc/>
    protected override void Flush() => _memory.Changes.Tell();
}
