namespace Sockeye.Hub.Domain;

/// <summary>Counts what happened against a <see cref="Rate"/>. A value: to be held where it is changed.</summary>
internal struct TokenBucket
{
    private double _used;
    private DateTimeOffset _at;

    /// <summary>Takes one, if there is one.</summary>
    public bool TryTake(Rate rate, DateTimeOffset now)
    {
        Refill(rate, now);
        if (_used + 1 > rate.Burst)
            return false;
        _used++;
        return true;
    }

    /// <summary>How long until there is one to take; zero: there is.</summary>
    public TimeSpan UntilNext(Rate rate, DateTimeOffset now)
    {
        Refill(rate, now);
        return _used + 1 <= rate.Burst ? TimeSpan.Zero : TimeSpan.FromSeconds((_used + 1 - rate.Burst) / rate.PerSecond);
    }

    /// <summary>Whether nothing is taken: forgetting such a bucket forgets nothing.</summary>
    public bool IsFull(Rate rate, DateTimeOffset now)
    {
        Refill(rate, now);
        return _used == 0;
    }

    private void Refill(Rate rate, DateTimeOffset now)
    {
        double seconds = Math.Max(0, (now - _at).TotalSeconds);
        _used = double.IsInfinity(rate.PerSecond) ? 0 : Math.Max(0, _used - (seconds * rate.PerSecond));
        _at = now;
    }
}
