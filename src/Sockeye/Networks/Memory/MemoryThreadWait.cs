namespace Sockeye;

/// <summary>One thread that waits for a socket.</summary>
internal sealed class MemoryThreadWait(SocketEvents events)
{
    private readonly object _monitor = new();
    private Outcome _outcome;

    public enum Outcome
    {
        /// <summary>It still waits.</summary>
        Waiting,

        /// <summary>Something became ready: look whether it still is.</summary>
        Signalled,

        /// <summary>Somebody wants the wait to end, ready or not.</summary>
        Ended,

        /// <summary>The time has passed.</summary>
        Expired,
    }

    public SocketEvents Events => events;

    public void End(Outcome outcome)
    {
        lock (_monitor)
        {
            if (_outcome == Outcome.Waiting)
                _outcome = outcome;
            Monitor.PulseAll(_monitor);
        }
    }

    public Outcome Wait()
    {
        lock (_monitor)
        {
            while (_outcome == Outcome.Waiting)
                Monitor.Wait(_monitor);
            return _outcome;
        }
    }
}
