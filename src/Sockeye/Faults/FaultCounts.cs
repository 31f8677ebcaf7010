namespace Sockeye;

/// <summary>Counts what was done, from any thread.</summary>
internal sealed class FaultCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<FaultKind>().Length];
    private long _connections;

    public FaultStatistics Statistics => new(
        Volatile.Read(ref _connections), Read(FaultKind.Refused), Read(FaultKind.Delayed), Read(FaultKind.Sliced), Read(FaultKind.Merged), Read(FaultKind.Cut),
        Read(FaultKind.HalfOpened), Read(FaultKind.Reset), Read(FaultKind.ClosedSlowly), Read(FaultKind.Dropped), Read(FaultKind.Duplicated),
        Read(FaultKind.Reordered), Read(FaultKind.Corrupted), Read(FaultKind.Overflowed));

    public void Count(FaultKind kind, long times = 1) => Interlocked.Add(ref _counts[(int)kind], times);

    public void CountConnection() => Interlocked.Increment(ref _connections);

    private long Read(FaultKind kind) => Volatile.Read(ref _counts[(int)kind]);
}
