namespace Sockeye;

/// <summary>
/// Whose turn it is to write to a connection: one writer at a time, and the last one as it closes. A field of the writer it is for: not to be copied.
/// </summary>
internal struct WriterTurn
{
    /// <summary>Nobody waits for the turn that is taken.</summary>
    private static readonly TaskCompletionSource Unawaited = new();

    /// <summary>Null while the turn is free; else what ends for those who wait when it is left.</summary>
    private TaskCompletionSource? _taken;

    public readonly bool IsTaken => Volatile.Read(in _taken) is not null;

    /// <summary>A second write while one is under way is the caller's mistake.</summary>
    public static InvalidOperationException Misuse =>
        new("A flush or write is under way on this connection: one writer at a time, await the last before the next.");

    public bool TryEnter() => Interlocked.CompareExchange(ref _taken, Unawaited, null) is null;

    public void Leave()
    {
        TaskCompletionSource? left = Interlocked.Exchange(ref _taken, null);
        if (left != Unawaited)
            left?.TrySetResult();
    }

    /// <summary>For those who wait for the turn.</summary>
    /// <param name="left">Where the turn is another's: ends when it may be free, to be tried again.</param>
    public bool TryEnter(out Task left)
    {
        left = Task.CompletedTask;
        while (!TryEnter())
        {
            // All who wait wait for one: the next to leave ends it, and the first of them to try again has the turn.
            TaskCompletionSource? taken = Volatile.Read(ref _taken);
            if (taken == Unawaited)
            {
                TaskCompletionSource awaited = new(TaskCreationOptions.RunContinuationsAsynchronously);
                taken = Interlocked.CompareExchange(ref _taken, awaited, Unawaited) == Unawaited ? awaited : null;
            }

            if (taken is null)
                continue;
            left = taken.Task;
            return false;
        }

        return true;
    }
}
