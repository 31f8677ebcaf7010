namespace Sockeye;

/// <summary>The times of a recorder's events: that of the day when it was made, and what has passed since, so that none is before the one it follows.</summary>
internal sealed class EventClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>A timer on the same clock, not yet set.</summary>
    public ITimer CreateTimer(Action act) => time.CreateTimer(static act => ((Action)act!)(), act, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Now, UTC.</summary>
    public DateTimeOffset Now => StartedAt + time.GetElapsedTime(_start);
}
