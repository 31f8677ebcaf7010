namespace Sockeye;

/// <summary>
/// How long to wait before the next attempt: a random time from zero to a ceiling that doubles with every failure ("full jitter"), so that
/// those who lost the same server do not all come back to it at once. No I/O, no clock.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan max, Random random)
{
    private int _failures;

    /// <summary>The longest that the next wait can be.</summary>
    public TimeSpan Ceiling
    {
        get
        {
            TimeSpan ceiling = first;
            for (int i = 0; i < _failures && ceiling < max; i++)
                ceiling = ceiling > max / 2 ? max : ceiling * 2;
            return ceiling < max ? ceiling : max;
        }
    }

    /// <summary>How long to wait after one more failure.</summary>
    public TimeSpan Next()
    {
        // Whole milliseconds, as timers have: what is told is what is waited.
        TimeSpan wait = TimeSpan.FromMilliseconds(random.NextInt64((long)Ceiling.TotalMilliseconds + 1));
        _failures = _failures == int.MaxValue ? _failures : _failures + 1;
        return wait;
    }

    /// <summary>All is well: the next failure is the first.</summary>
    public void Reset() => _failures = 0;
}
