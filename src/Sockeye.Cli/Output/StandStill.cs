namespace Sockeye.Cli.Output;

/// <summary>
/// Tells an output that stands still, because nobody reads it, from one whose writer has not come to run: only a write that is under way and does not come back
/// is waited for in vain.
/// </summary>
internal sealed class StandStill
{
    /// <summary>How long one write may take before the end waits for it no longer.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Odd while a write is under way.</summary>
    private long _steps;

    /// <summary>A write begins. One at a time.</summary>
    public void BeginWrite() => Interlocked.Increment(ref _steps);

    /// <summary>It has come back.</summary>
    public void EndWrite() => Interlocked.Increment(ref _steps);

    /// <summary>Waits until all is written, or nothing moves.</summary>
    public async Task WaitAsync(Task allWritten, TimeProvider time)
    {
        while (!allWritten.IsCompleted)
        {
            long before = Interlocked.Read(ref _steps);
            await allWritten.WaitAsync(Limit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (before % 2 != 0 && before == Interlocked.Read(ref _steps))
                return;
        }
    }
}
