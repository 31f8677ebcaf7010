namespace Sockeye;

public sealed partial class Server
{
    /// <summary>One timer for all connections: an idle connection costs no timer of its own.</summary>
    private ITimer? StartSweep()
    {
        if (Options.IdleTimeout is not { } idle)
            return null;
        TimeSpan period = PeriodFor(idle);
        return _time.CreateTimer(_ => Sweep(idle), null, period, period);
    }

    /// <summary>Starts the one timer for all handshakes, when the first has to wait for its peer: a server of plain connections has none.</summary>
    internal void WatchHandshakes()
    {
        if (_handshakeSweep is not null)
            return;
        lock (_lock)
        {
            TimeSpan period = PeriodFor(Options.HandshakeTimeout);
            _handshakeSweep ??= _time.CreateTimer(_ => SweepHandshakes(), null, period, period);
        }
    }

    private static TimeSpan PeriodFor(TimeSpan timeout)
    {
        TimeSpan period = timeout / SweepsPerTimeout;
        return period < TimerMin ? TimerMin : period;
    }

    private void SweepHandshakes()
    {
        long now = _time.GetTimestamp();
        foreach (ServedConnection served in Snapshot())
            served.SweepHandshake(Options.HandshakeTimeout, now, _time);
    }

    private void Sweep(TimeSpan idle)
    {
        // A sweep that takes longer than its period must not meet the next: both would ask what moved since the last.
        if (Interlocked.Exchange(ref _sweeping, 1) != 0)
            return;
        try
        {
            long now = _time.GetTimestamp();
            foreach (ServedConnection served in Snapshot())
                served.Sweep(idle, now, _time);
        }
        finally
        {
            Volatile.Write(ref _sweeping, 0);
        }
    }

    private async Task RunServiceAsync(CancellationToken stop)
    {
        if (Options.ServiceAction is not { } action)
            return;
        using PeriodicTimer timer = new(Options.ServiceInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
                await RunServiceOnceAsync(action, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async ValueTask RunServiceOnceAsync(Func<CancellationToken, ValueTask> action, CancellationToken stop)
    {
        try
        {
            await action(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The token ended it.
        }
        catch (Exception e)
        {
            Report(e);
        }
    }
}
