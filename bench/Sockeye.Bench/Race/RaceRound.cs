namespace Sockeye.Bench.Race;

/// <summary>One contender's figures of one round.</summary>
/// <param name="PerSecond">Messages a second, closed loop.</param>
/// <param name="CpuMicroseconds">The server's processor time for each of them.</param>
/// <param name="ServerBusy">The share of its core that the server used meanwhile.</param>
/// <param name="GeneratorBusy">The same of the generator.</param>
/// <param name="OtherWork">The share of the two cores that neither had: other programs, or the machine below.</param>
/// <param name="Open">The open loop's; null where the server does not reach the rate.</param>
internal sealed record RaceRound(double PerSecond, double CpuMicroseconds, double ServerBusy, double GeneratorBusy, double OtherWork, long Lost, LoadResult? Open)
{
    private const double Full = 0.95;

    /// <summary>Messages of a second of the server's processor time.</summary>
    public double PerProcessorSecond => 1e6 / CpuMicroseconds;

    /// <summary>The generator was at its end and the server was not: how fast the server is, the round does not tell.</summary>
    public bool IsGeneratorBound => GeneratorBusy >= Full && ServerBusy < Full;
}
