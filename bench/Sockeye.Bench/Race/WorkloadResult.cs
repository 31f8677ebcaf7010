namespace Sockeye.Bench.Race;

/// <summary>What came of a workload.</summary>
/// <param name="Rate">Messages a second of the open loop.</param>
internal sealed record WorkloadResult(Workload Workload, double Rate)
{
    /// <summary>Each contender's rounds.</summary>
    public Dictionary<string, RaceRound[]> Rounds { get; } = [];

    /// <summary>Each contender's memory after its rounds.</summary>
    public Dictionary<string, ProcessMemory> Memory { get; } = [];

    /// <summary>Each contender's idle connections, where the workload is about these.</summary>
    public Dictionary<string, IdleRound[]> Idle { get; } = [];

    /// <summary>Who is missing here, and why.</summary>
    public Dictionary<string, string> LeftOut { get; } = [];

    /// <summary>Who did not echo what it was sent, or ended.</summary>
    public Dictionary<string, string> Failed { get; } = [];
}
