namespace Sockeye;

internal abstract partial class MemorySocket
{
    private readonly SocketReadiness _readiness = new();
    private List<MemoryThreadWait>? _threads;

    protected internal sealed override SocketEvents PollCore(SocketEvents events)
    {
        lock (Memory.Gate)
            return IsGone ? SocketEvents.HangUp : Ready(events);
    }

    /// <summary>With a clock that is moved by hand somebody else must move it: this thread only waits.</summary>
    protected internal sealed override bool WaitCore(SocketEvents events, TimeSpan? timeout)
    {
        SocketDeadline deadline = new(timeout, Memory.TimeProvider);
        while (true)
        {
            MemoryThreadWait wait = new(events | SocketEvents.Error | SocketEvents.HangUp);
            lock (Memory.Gate)
            {
                // Closed meanwhile: the next try says so.
                if (IsGone || Ready(events) != SocketEvents.None)
                    return true;
                if (deadline.Remaining == TimeSpan.Zero)
                    return false;
                (_threads ??= []).Add(wait);
            }

            using (StartTimer(wait, deadline.Remaining))
            {
                if (wait.Wait() == MemoryThreadWait.Outcome.Ended)
                    return true;
            }

            lock (Memory.Gate)
                _threads?.Remove(wait);
        }
    }

    protected internal sealed override uint EpochCore(SocketEvents events) => _readiness.Epoch(events);

    protected internal sealed override ValueTask<bool> WaitCoreAsync(SocketEvents events, uint epoch, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (IsReadyFor(events, cancellationToken))
            return new ValueTask<bool>(true);
        return _readiness.WaitAsync(events, epoch, timeout, Memory.TimeProvider, cancellationToken);
    }

    internal sealed override SocketWaitOutcome? StartWaitCore(ISocketWaiter waiter, SocketEvents events, uint epoch) =>
        IsReadyFor(events, waiter.Wait.Token) ? SocketWaitOutcome.Ready : _readiness.StartWait(waiter, events, epoch);

    protected internal sealed override void SignalCore(SocketEvents events) => Signal(events, MemoryThreadWait.Outcome.Ended);

    /// <summary>Which of <paramref name="events"/> are ready, and errors and hang-ups. The caller holds the lock.</summary>
    protected abstract SocketEvents Ready(SocketEvents events);

    /// <summary>Says what became ready. Readiness resumes its waiters on the pool, so that nobody's code runs under the network's lock.</summary>
    protected void Signal(SocketEvents events) => Signal(events, MemoryThreadWait.Outcome.Signalled);

    /// <summary>Whether there is nothing to wait for, unless the wait is to end otherwise.</summary>
    private bool IsReadyFor(SocketEvents events, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || _readiness.IsClosed)
            return false;
        lock (Memory.Gate)
            return !IsGone && Ready(events) != SocketEvents.None;
    }

    private void Signal(SocketEvents events, MemoryThreadWait.Outcome outcome)
    {
        _readiness.Signal(events);
        lock (Memory.Gate)
        {
            if (_threads is null)
                return;
            foreach (MemoryThreadWait wait in _threads)
            {
                if ((wait.Events & events) != 0)
                    wait.End(outcome);
            }

            _threads.RemoveAll(wait => (wait.Events & events) != 0);
        }
    }

    private void EndWaits()
    {
        _readiness.Close();
        if (_threads is null)
            return;
        foreach (MemoryThreadWait wait in _threads)
            wait.End(MemoryThreadWait.Outcome.Ended);
        _threads = null;
    }

    private ITimer? StartTimer(MemoryThreadWait wait, TimeSpan? timeout) => timeout is { } limit
        ? Memory.TimeProvider.CreateTimer(
            static state => ((MemoryThreadWait)state!).End(MemoryThreadWait.Outcome.Expired), wait, limit, System.Threading.Timeout.InfiniteTimeSpan)
        : null;
}
