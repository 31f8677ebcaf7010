namespace Sockeye.Bench.Race;

/// <summary>A contender that listens.</summary>
/// <param name="processId">The process whose time and memory count, with all below it.</param>
/// <param name="target">Where it listens, as the generator takes it: a port or a path.</param>
/// <param name="managed">The same process when it can be asked for its managed memory.</param>
/// <param name="owned">What ends with it, in this order.</param>
/// <param name="helper">A process on the generator's core that it needs, if any: its time is the generator's.</param>
internal sealed class RaceServer(int processId, string target, Child? managed, IDisposable[] owned, int? helper = null) : IDisposable
{
    private readonly TreeTimes _times = new(processId);
    private readonly TreeTimes? _helperTimes = helper is { } id ? new TreeTimes(id) : null;

    public string Target => target;

    public double ReadProcessorSeconds() => _times.ReadSeconds();

    public double ReadHelperSeconds() => _helperTimes?.ReadSeconds() ?? 0;

    public ProcessMemory ReadMemory() => ProcessMemory.OfTree(processId);

    /// <summary>Managed bytes alive after a full collection; null when it has none.</summary>
    public long? Collect() => managed?.AskCounters(collect: true).Managed;

    public void Dispose()
    {
        foreach (IDisposable one in owned)
            one.Dispose();
    }
}
