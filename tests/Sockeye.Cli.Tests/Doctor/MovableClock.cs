namespace Sockeye.Cli.Tests.Doctor;

/// <summary>A clock that says what it is told to, over time that passes by itself.</summary>
internal sealed class MovableClock : TimeProvider
{
    private int _readings;

    public DateTimeOffset Start { get; set; } = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    /// <summary>How much further the clock goes with each reading after the second: the first is the year's, the second where the jump is measured from.</summary>
    public TimeSpan Jump { get; set; }

    // As long as the time that passes is this one's own, no busy machine looks like a jump.
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => 0;

    public override DateTimeOffset GetUtcNow() => Interlocked.Increment(ref _readings) > 2 ? Start + Jump : Start;
}
