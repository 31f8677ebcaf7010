namespace Sockeye;

/// <summary>
/// Whose turn it is to write to a connection: one writer at a time, and the last one as it closes. A field of the writer it is for: not to be copied.
/// </summary>
internal struct WriterTurn
{
    private int _taken;
    private TaskCompletionSource? _left;

    public readonly bool IsTaken => Volatile.Read(in _taken) != 0;

    /// <summary>A second write while one is under way is the caller's mistake.</summary>
    public static InvalidOperationException Misuse =>
        new("A flush or write is under way on this connection: one writer at a time, await the last before the next.");

    public bool TryEnter() => Interlocked.Exchange(ref _taken, 1) == 0;

    public void Leave()
    {
        Interlocked.Exchange(ref _taken, 0);
        Volatile.Read(ref _left)?.TrySetResult();
    }

    /// <summary>For those who wait for the turn.</summary>
    /// <param name="left">Where the turn is another's: ends when it may be free, to be tried again.</param>
    public bool TryEnter(out Task left)
    {
        left = Task.CompletedTask;
        if (TryEnter())
            return true;
        Task leaving = Leaving();
        Interlocked.MemoryBarrier();
        if (IsTaken)
            left = leaving;
        return false;
    }

    /// <summary>All who wait wait for one: the next to leave ends it, and the first of them to try again has the turn.</summary>
    private Task Leaving()
    {
        while (true)
        {
            TaskCompletionSource? waitedFor = Volatile.Read(ref _left);
            if (waitedFor is { Task.IsCompleted: false })
                return waitedFor.Task;
            TaskCompletionSource fresh = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (Interlocked.CompareExchange(ref _left, fresh, waitedFor) == waitedFor)
                return fresh.Task;
        }
    }
}
