namespace Sockeye.Eye.Serving;

/// <summary>Whether anybody is here: a request is being answered, of which the WebSocket of a browser is one, or was a moment ago.</summary>
internal sealed class EyeVisitors(TimeProvider time)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _nobody = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private long? _lastLeftAt;

    /// <summary>Whether somebody is here, or may come back.</summary>
    public bool AreHere
    {
        get
        {
            lock (_lock)
                return Remaining() != TimeSpan.Zero;
        }
    }

    public void Come()
    {
        lock (_lock)
            _count++;
    }

    public void Leave()
    {
        TaskCompletionSource nobody;
        lock (_lock)
        {
            if (--_count > 0)
                return;
            _lastLeftAt = time.GetTimestamp();
            (nobody, _nobody) = (_nobody, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        nobody.SetResult();
    }

    /// <summary>Waits until nobody is here, and nobody has come back for <see cref="EyeLimits.ReturnTimeout"/>.</summary>
    public async Task WaitUntilLeftAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task nobody;
            TimeSpan? remaining;
            lock (_lock)
                (nobody, remaining) = (_nobody.Task, Remaining());
            if (remaining == TimeSpan.Zero)
                return;
            await (remaining is { } rest ? Task.Delay(rest, time, cancellationToken) : nobody.WaitAsync(cancellationToken)).ConfigureAwait(false);
        }
    }

    /// <summary>How long the last one may still take to come back; null: somebody is here.</summary>
    private TimeSpan? Remaining()
    {
        if (_count > 0)
            return null;
        if (_lastLeftAt is not { } left)
            return TimeSpan.Zero;

        // In whole milliseconds, as timers count.
        TimeSpan remaining = EyeLimits.ReturnTimeout - time.GetElapsedTime(left);
        return remaining > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(remaining.TotalMilliseconds)) : TimeSpan.Zero;
    }
}
