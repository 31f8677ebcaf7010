namespace Sockeye.Bench.Race;

/// <summary>Who takes part: a server that can be started for a workload.</summary>
/// <param name="Name">As it is asked for and printed.</param>
/// <param name="Schemes">What it can serve.</param>
internal abstract record Contender(string Name, params string[] Schemes)
{
    /// <summary>Starts it; it listens then.</summary>
    /// <exception cref="LeftOutException">It is missing here.</exception>
    public abstract RaceServer Start(Workload workload, PeerPrograms programs, Cores? cores);
}
