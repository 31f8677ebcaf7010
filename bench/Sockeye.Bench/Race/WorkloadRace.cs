namespace Sockeye.Bench.Race;

/// <summary>Runs one workload: all its contenders stand ready, and are loaded in turn, round by round, each round beginning with another.</summary>
internal sealed class WorkloadRace(Workload workload, RaceOptions options, PeerPrograms programs, Cores cores, CancellationToken stop)
{
    private const double WarmUpSecondsMax = 1;

    /// <summary>A server that can do no more than this much beyond the rate has no latencies to speak of, only a queue.</summary>
    private const double HeadroomMin = 1.1;

    private readonly Dictionary<string, string> _leftOut = [];
    private readonly Dictionary<string, string> _failed = [];
    private readonly List<Entrant> _entrants = [];

    private IEnumerable<Contender> Contenders => Race.Contenders.All.Where(contender => options.Has(contender) && contender.Schemes.Contains(workload.Scheme));

    public WorkloadResult Run()
    {
        try
        {
            return Descriptors.ReasonAgainst(workload) is { } reason ? LeaveOut(reason) : workload.IsMemory ? RunIdle() : RunLoaded();
        }
        finally
        {
            _entrants.ForEach(entrant => entrant.Dispose());
        }
    }

    private WorkloadResult RunLoaded()
    {
        foreach (Contender contender in Contenders)
            Enter(contender);
        double rate = options.Rate ?? HalfOfKestrel();
        for (int round = 0; round < options.Rounds; round++)
        {
            Entrant[] turn = [.. _entrants.Select((_, i) => _entrants[(i + round) % _entrants.Count])];
            foreach (Entrant entrant in turn)
                Guard(entrant.Name, () => Measure(entrant, round, rate));
        }

        WorkloadResult result = Result(rate);
        foreach (Entrant entrant in _entrants)
        {
            result.Rounds[entrant.Name] = [.. entrant.Rounds];
            result.Memory[entrant.Name] = entrant.ReadMemory();
        }

        return result;
    }

    private WorkloadResult LeaveOut(string reason)
    {
        Tell($"left out: {reason}");
        _leftOut["everybody"] = reason;
        return Result(rate: 0);
    }

    /// <summary>With idle connections it enters a second time without them: what they cost is read in the same rounds.</summary>
    private void Enter(Contender contender)
    {
        Guard(contender.Name, () => Enter(contender.Name, contender, workload));
        if (workload.WithoutIdle() is { } others && _entrants.Any(entrant => entrant.Name == contender.Name))
            Guard(RaceTable.WithoutIdle(contender.Name), () => Enter(RaceTable.WithoutIdle(contender.Name), contender, others));
    }

    private void Enter(string name, Contender contender, Workload load)
    {
        Entrant entrant = Entrant.Start(name, contender, load, programs, cores);
        _entrants.Add(entrant);
        entrant.WarmUp(Math.Min(WarmUpSecondsMax, options.Seconds));
        Tell($"{name} is warm, {entrant.WarmPerSecond:N0}/s");
    }

    private void Measure(Entrant entrant, int round, double rate)
    {
        RaceRound figures = entrant.Measure(options.Seconds, entrant.WarmPerSecond >= HeadroomMin * rate ? rate : null);
        entrant.Rounds.Add(figures);
        Tell($"round {round + 1} of {options.Rounds}: {entrant.Name} {figures.PerSecond:N0}/s, {figures.CpuMicroseconds:N2} µs each; server {figures.ServerBusy:P0} busy, generator {figures.GeneratorBusy:P0}");
    }

    private double HalfOfKestrel()
    {
        double[] speeds = [.. _entrants.Where(entrant => entrant.Name == "kestrel").Concat(_entrants.OrderBy(entrant => entrant.WarmPerSecond)).Select(entrant => entrant.WarmPerSecond)];
        return speeds is [var speed, ..] ? Math.Max(1, Math.Floor(speed / 2)) : 1;
    }

    private WorkloadResult RunIdle()
    {
        Dictionary<string, List<IdleRound>> rounds = Contenders.ToDictionary(contender => contender.Name, _ => new List<IdleRound>());
        for (int round = 0; round < options.Rounds; round++)
        {
            foreach (Contender contender in Contenders.Where(contender => !_leftOut.ContainsKey(contender.Name) && !_failed.ContainsKey(contender.Name)))
            {
                Guard(contender.Name, () =>
                {
                    rounds[contender.Name].Add(Hold(contender));
                    Tell($"round {round + 1} of {options.Rounds}: {contender.Name} {rounds[contender.Name][^1].Proportional:N0} bytes");
                });
            }
        }

        WorkloadResult result = Result(rate: 0);
        foreach ((string name, List<IdleRound> all) in rounds.Where(row => row.Value.Count > 0 && !_failed.ContainsKey(row.Key)))
            result.Idle[name] = [.. all];
        return result;
    }

    private IdleRound Hold(Contender contender)
    {
        using RaceServer server = contender.Start(workload, programs, cores);

        // Some connections first, so that what is made once for all is not counted.
        LoadProcess.Start(programs, workload with { Idle = 0 }, server, cores).Dispose();
        long? managedBefore = server.Collect();
        ProcessMemory before = server.ReadMemory();
        using LoadProcess held = LoadProcess.Start(programs, workload with { Connections = 1, Idle = workload.Idle - 1 }, server, cores);
        long? managed = server.Collect() - managedBefore;
        ProcessMemory after = server.ReadMemory();

        // Where a connection has no memory of its own, the difference is a page's that came or went.
        double count = workload.Idle;
        return new IdleRound(managed / count, Math.Max(0, after.Resident - before.Resident) / count, Math.Max(0, after.Proportional - before.Proportional) / count);
    }

    private WorkloadResult Result(double rate)
    {
        WorkloadResult result = new(workload, rate);
        foreach ((string name, string reason) in _leftOut)
            result.LeftOut[name] = reason;
        foreach ((string name, string reason) in _failed)
            result.Failed[name] = reason;
        return result;
    }

    /// <summary>One that is missing or fails is told of, and the others go on.</summary>
    private void Guard(string name, Action action)
    {
        stop.ThrowIfCancellationRequested();
        try
        {
            action();
        }
        catch (LeftOutException e)
        {
            _leftOut[name] = e.Message;
            Tell($"{name} is left out: {e.Message}");
        }
        catch (InvalidOperationException e) when (!stop.IsCancellationRequested)
        {
            _failed[name] = e.Message;
            Tell($"{name} failed: {e.Message}");
            _entrants.Where(entrant => entrant.Name == name).ToList().ForEach(entrant => entrant.Dispose());
            _entrants.RemoveAll(entrant => entrant.Name == name);
        }
    }

    private void Tell(string text) => Console.Error.WriteLine($"bench/race: {workload.Name}: {text}");
}
