namespace Sockeye;

/// <summary>
/// A line of some rate: when bytes would have left it. It is a token bucket that holds what a late timer kept from leaving, 100 ms of the rate at most, and is
/// empty at the beginning. No I/O, no clock.
/// </summary>
internal sealed class FaultLine
{
    /// <summary>How much lateness is made up for.</summary>
    public static readonly TimeSpan DepthMax = TimeSpan.FromMilliseconds(100);

    /// <summary>Pieces of a stream leave in parts of so much time: that is how soon a change of the rate is felt.</summary>
    private static readonly TimeSpan PartTime = TimeSpan.FromMilliseconds(10);

    private const int PartMax = 64 * 1024;

    private TimeSpan _freeAt;

    /// <summary>What is below a tick: fast lines need less than that for a byte.</summary>
    private long _rest;

    /// <summary>When all that was sent has left.</summary>
    public TimeSpan FreeAt => _freeAt;

    /// <summary>How many bytes leave together.</summary>
    public static int PartOf(long rate) => (int)Math.Clamp(rate / 8 / (TimeSpan.TicksPerSecond / PartTime.Ticks), 1, PartMax);

    /// <summary>When the last of these bytes has left.</summary>
    /// <param name="count">How many.</param>
    /// <param name="rate">In bits a second.</param>
    /// <param name="ready">When they were there.</param>
    /// <param name="now">The time.</param>
    public TimeSpan Send(int count, long rate, TimeSpan ready, TimeSpan now)
    {
        TimeSpan earliest = now - DepthMax > ready ? now - DepthMax : ready;
        if (_freeAt < earliest)
            (_freeAt, _rest) = (earliest, 0);
        Int128 ticks = ((Int128)count * 8 * TimeSpan.TicksPerSecond) + _rest;
        _freeAt += TimeSpan.FromTicks((long)(ticks / rate));
        _rest = (long)(ticks % rate);
        return _freeAt;
    }
}
