namespace Sockeye.Hub.Gateways.Text;

/// <summary>Messages that wait to be sent, one behind the other: what a room has said waits once, however many clients wait for it.</summary>
/// <param name="before">What comes before the last message; null: nothing.</param>
/// <param name="last">The last message.</param>
internal sealed class SharedRun(SharedRun? before, byte[] last)
{
    private byte[]? _joined = before is null ? last : null;

    public int Messages { get; } = (before?.Messages ?? 0) + 1;

    public int Bytes { get; } = (before?.Bytes ?? 0) + last.Length;

    /// <summary>All of it in one piece, made by the first who sends it.</summary>
    public byte[] Join()
    {
        if (Volatile.Read(ref _joined) is { } known)
            return known;
        byte[] joined = new byte[Bytes];
        int end = joined.Length;
        for (SharedRun? run = this; run is not null; run = run.Before)
        {
            run.Last.CopyTo(joined, end - run.Last.Length);
            end -= run.Last.Length;
        }

        // Two who ask at once both make it, and either is right.
        Volatile.Write(ref _joined, joined);
        return joined;
    }

    public bool Is(SharedRun? whatBefore, byte[] whatLast) => Last == whatLast && Before == whatBefore;

    private SharedRun? Before { get; } = before;

    private byte[] Last { get; } = last;
}
