namespace Sockeye.Bench.Race;

/// <summary>A contender in a workload: its server, and a generator that stays connected to it from round to round.</summary>
internal sealed class Entrant : IDisposable
{
    private readonly RaceServer _server;
    private readonly LoadProcess _load;
    private readonly Cores? _cores;

    private Entrant(string name, RaceServer server, LoadProcess load, Cores? cores) => (Name, _server, _load, _cores) = (name, server, load, cores);

    public string Name { get; }

    public List<RaceRound> Rounds { get; } = [];

    /// <summary>Messages a second when it had warmed up.</summary>
    public double WarmPerSecond { get; private set; }

    /// <summary>Starts both.</summary>
    /// <param name="name">As it is printed.</param>
    /// <exception cref="LeftOutException">It is missing here.</exception>
    /// <exception cref="InvalidOperationException">It does not echo what it is sent.</exception>
    public static Entrant Start(string name, Contender contender, Workload workload, PeerPrograms programs, Cores? cores)
    {
        RaceServer server = contender.Start(workload, programs, cores);
        try
        {
            return new Entrant(name, server, LoadProcess.Start(programs, workload, server, cores), cores);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Twice, so that tiered compilation has settled; the second tells the speed.</summary>
    public void WarmUp(double seconds)
    {
        _load.RunClosed(seconds);
        WarmPerSecond = _load.RunClosed(seconds).PerSecond;
    }

    public RaceRound Measure(double seconds, double? rate)
    {
        (double server, double helper) = (_server.ReadProcessorSeconds(), _server.ReadHelperSeconds());
        double busy = ReadBusySeconds();
        LoadResult closed = _load.RunClosed(seconds);
        busy = ReadBusySeconds() - busy;
        server = _server.ReadProcessorSeconds() - server;
        double generator = closed.Cpu + _server.ReadHelperSeconds() - helper;
        double work = generator - closed.Spun;
        LoadResult? open = rate is { } perSecond ? _load.RunOpen(seconds, perSecond) : null;
        return new RaceRound(
            closed.PerSecond,
            server * 1e6 / closed.Messages,
            server / closed.Seconds,
            work / closed.Seconds,
            Math.Max(0, busy - server - generator) / (2 * closed.Seconds),
            closed.Lost + (open?.Lost ?? 0),
            open);
    }

    public ProcessMemory ReadMemory() => _server.ReadMemory();

    public void Dispose()
    {
        _load.Dispose();
        _server.Dispose();
    }

    private double ReadBusySeconds() => _cores is null ? 0 : CoreTimes.ReadBusySeconds(_cores);
}
