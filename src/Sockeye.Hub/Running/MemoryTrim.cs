namespace Sockeye.Hub.Running;

/// <summary>
/// Gives memory back after many have come or gone. The runtime keeps what it needed for that until something is allocated again, which in a hub where all wait may be
/// for ever: of ten thousand who have just come in it would keep half as much again as they need.
/// </summary>
/// <param name="clients">How many there are.</param>
/// <param name="allocated">How many bytes were allocated so far.</param>
/// <param name="trim">Gives back.</param>
internal sealed class MemoryTrim(Func<int> clients, Func<long> allocated, Action trim)
{
    /// <summary>So many have to have come or gone, and a fourth of those who were there: the work is in proportion to all of them.</summary>
    public const int ClientsMin = 500;

    /// <summary>So little is allocated between two looks in a hub that is quiet: the work is done when nobody waits for another's.</summary>
    public const long QuietBytesMax = 256 * 1024;

    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private int _clients = clients();
    private long _allocated = allocated();

    /// <summary>Of this process.</summary>
    public static MemoryTrim OfProcess(Func<int> clients) => new(
        clients,
        static () => GC.GetTotalAllocatedBytes(),
        static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));

    /// <summary>Looks again and again until <paramref name="stop"/> fires.</summary>
    public async Task RunAsync(TimeProvider time, CancellationToken stop)
    {
        using PeriodicTimer timer = new(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
                Look();
        }
        catch (OperationCanceledException)
        {
            // The hub ends.
        }
    }

    /// <summary>Gives back if there is something to give and nobody is in the way.</summary>
    public void Look()
    {
        (long before, _allocated) = (_allocated, allocated());
        int now = clients();
        if (Math.Abs(now - _clients) < Math.Max(ClientsMin, _clients / 4) || _allocated - before > QuietBytesMax)
            return;
        _clients = now;
        trim();
    }
}
