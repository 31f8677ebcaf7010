namespace Sockeye;

public sealed partial class Server
{
    /// <summary>Tells of a connection whose handler is about to run. What a callback throws is never the connection's fault.</summary>
    internal void Serving(ServedConnection served)
    {
        try
        {
            Options.OnServing?.Invoke(served.Connection);
        }
        catch (Exception e)
        {
            Report(e);
        }
    }

    internal void End(ServedConnection served, EndReason reason, Exception? error)
    {
        switch (reason)
        {
            case EndReason.HandshakeFailed:
                Interlocked.Increment(ref _handshakeFailures);
                break;
            case EndReason.HandlerError:
                Interlocked.Increment(ref _handlerErrors);
                break;
            case EndReason.Idle:
                Interlocked.Increment(ref _idleTimeouts);
                break;
            case EndReason.DrainTimeout:
                Interlocked.Increment(ref _drainTimeouts);
                break;
        }

        // Whoever is told of the end finds the slot free, and the server still running.
        Remove(served);
        try
        {
            ServerMetrics.Ended(served, reason, error, _time);
            Options.OnEnded?.Invoke(served.Connection, reason, error);
        }
        catch (Exception e)
        {
            Report(e);
        }

        Closed();
    }

    private void Add(ServedConnection served)
    {
        served.Next = _first;
        if (_first is not null)
            _first.Previous = served;
        _first = served;
        _active++;
    }

    private void Remove(ServedConnection served)
    {
        if (served.AddressKey is { } address)
            _addresses!.Leave(address);
        lock (_lock)
        {
            if (served.Previous is not null)
                served.Previous.Next = served.Next;
            else
                _first = served.Next;
            if (served.Next is not null)
                served.Next.Previous = served.Previous;
            _active--;
        }
    }

    /// <summary>One connection, served or refused, is done with.</summary>
    private void Closed()
    {
        lock (_lock)
        {
            _open--;
            CheckDrained();
        }
    }

    /// <summary>Under the lock.</summary>
    private void CheckDrained()
    {
        if (_closing && _open == 0)
            _drained.TrySetResult();
    }

    private async Task DrainAsync(Task[] loops)
    {
        foreach (Listener listener in _listeners)
            await StopAsync(listener).ConfigureAwait(false);
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // From here nothing is added any more. The deadline counts at once: what handlers hung on the token may take its time.
        Task told = CancelAsync(_stopping);
        foreach (ServedConnection served in Snapshot())
            served.TellOfStopping();
        lock (_lock)
        {
            _closing = true;
            CheckDrained();
        }

        await _drained.Task.WaitAsync(Options.DrainTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (ServedConnection served in Snapshot())
            served.Abort(EndReason.DrainTimeout);
        await _drained.Task.ConfigureAwait(false);
        await told.ConfigureAwait(false);
    }

    private async Task StopAsync(Listener listener)
    {
        try
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Report(e);
        }
    }

    /// <summary>Fires a token; what others hung on it may throw, and that stops nothing here.</summary>
    private async Task CancelAsync(CancellationTokenSource source)
    {
        try
        {
            await source.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Report(e);
        }
    }

    private List<ServedConnection> Snapshot()
    {
        lock (_lock)
        {
            List<ServedConnection> all = new(_active);
            for (ServedConnection? served = _first; served is not null; served = served.Next)
                all.Add(served);
            return all;
        }
    }
}
