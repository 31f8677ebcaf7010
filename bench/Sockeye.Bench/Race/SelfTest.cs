namespace Sockeye.Bench.Race;

/// <summary>Whether every contender echoes what it is sent, in each of its ways: a moment each, nothing pinned, nothing measured.</summary>
internal static class SelfTest
{
    private const double Seconds = 0.05;

    private static readonly Workload[] Ways =
    [
        .. Workload.All.Where(workload => workload.Name is "pipelined" or "large" or "connect" or "unix" or "udp" or "relay" or "http")
            .Select(workload => workload with { Connections = 3, Idle = 2 }),
    ];

    public static int Run(RaceOptions options, CancellationToken stop)
    {
        PeerPrograms programs = new(options.Build);
        _ = programs.Load;
        int failures = 0;
        foreach (Workload way in Ways.Where(way => options.Only?.Contains(way.Name) ?? true))
        {
            foreach (Contender contender in Contenders.All.Where(contender => options.Has(contender) && contender.Schemes.Contains(way.Scheme)))
            {
                stop.ThrowIfCancellationRequested();
                (bool isRight, string said) = Try(contender, way, programs, stop);
                failures += isRight ? 0 : 1;
                Console.WriteLine($"{way.Name,-10} {contender.Name,-20} {said}");
            }
        }

        return failures == 0 ? 0 : 1;
    }

    private static (bool IsRight, string Said) Try(Contender contender, Workload way, PeerPrograms programs, CancellationToken stop)
    {
        try
        {
            using Entrant entrant = Entrant.Start(contender.Name, contender, way, programs, cores: null);
            RaceRound round = entrant.Measure(Seconds, rate: 100);
            return round is { PerSecond: > 0, Open.Messages: > 0 } ? (true, "right") : (false, "WRONG: no message came back");
        }
        catch (LeftOutException e)
        {
            return (true, $"left out: {e.Message}");
        }
        catch (InvalidOperationException e) when (!stop.IsCancellationRequested)
        {
            return (false, $"WRONG: {e.Message}");
        }
    }
}
