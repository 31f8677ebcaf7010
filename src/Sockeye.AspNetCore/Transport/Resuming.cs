namespace Sockeye;

/// <summary>Where the application goes on when what it waited for has come: on the thread pool, or inline if that was asked for.</summary>
/// <remarks>
/// A network may resume what waits within a call of ours: an abort, a cancelled read. Who calls those may hold a lock, so the application never goes
/// on in there.
/// </remarks>
internal sealed class Resuming(bool inline)
{
    private int _calls;

    /// <summary>Whether it may go on right here.</summary>
    public bool MayBeHere => Volatile.Read(ref _calls) == 0 && (inline || Thread.CurrentThread.IsThreadPoolThread);

    /// <summary>Begins a call within which a network may resume what waits.</summary>
    public void Enter() => Interlocked.Increment(ref _calls);

    /// <summary>Ends it.</summary>
    public void Leave() => Interlocked.Decrement(ref _calls);
}
