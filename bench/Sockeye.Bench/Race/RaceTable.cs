using System.Globalization;

namespace Sockeye.Bench.Race;

/// <summary>A workload's result as tables of Markdown.</summary>
internal static class RaceTable
{
    private const string Bound = "*";
    private const string Late = "†";
    private const string None = "–";

    /// <summary>What a contender is called that has no idle connections where others have.</summary>
    public static string WithoutIdle(string contender) => $"{contender}, none idle";

    public static void Print(WorkloadResult result, RaceOptions options)
    {
        Workload workload = result.Workload;
        Console.WriteLine($"\n## {workload.Name}: {workload.Title}{(workload.Idle > 0 ? $" ({workload.Idle:N0})" : "")}\n");
        if (workload.IsMemory)
            PrintIdle(result);
        else
            PrintLoaded(result, options);
        foreach ((string name, string reason) in result.LeftOut)
            Console.WriteLine($"\n{name} is left out: {reason}");
        foreach ((string name, string reason) in result.Failed)
            Console.WriteLine($"\n{name} failed: {reason}");
    }

    private static void PrintLoaded(WorkloadResult result, RaceOptions options)
    {
        if (result.Rounds.Count == 0)
            return;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options.Rounds} {(options.Rounds == 1 ? "round" : "rounds")} of {options.Seconds} s in turn, median (least to most); latencies at {result.Rate:N0} messages a second."));
        Console.WriteLine($"Other work had {Spread.Of(result.Rounds.Values.SelectMany(rounds => rounds).Select(round => round.OtherWork), "P0")} of the two cores meanwhile.\n");
        PrintRow("contender", "messages/s", "its core busy", result.Workload.IsPerProcessorSecond ? "messages/CPU s" : "CPU, µs/message", "p50, µs", "p99, µs", "p99.9, µs", "memory, MB");
        PrintRule(8);
        foreach ((string name, RaceRound[] rounds) in result.Rounds)
        {
            PrintRow(
                name,
                Spread.Of(rounds.Select(round => round.PerSecond), "N0") + (IsBound(rounds) ? Bound : ""),
                Spread.Median(rounds.Select(round => round.ServerBusy)).ToString("P0", CultureInfo.InvariantCulture),
                result.Workload.IsPerProcessorSecond ? Spread.Of(rounds.Select(round => round.PerProcessorSecond), "N0") : Spread.Of(rounds.Select(round => round.CpuMicroseconds), "N2"),
                Latency(rounds, open => open.P50),
                Latency(rounds, open => open.P99),
                Latency(rounds, open => open.P999),
                (result.Memory[name].Proportional / 1e6).ToString("N1", CultureInfo.InvariantCulture));
        }

        string[] references = [.. result.Workload.References.Where(result.Rounds.ContainsKey)];
        string[] twins = [.. result.Rounds.Keys.Where(name => result.Rounds.ContainsKey(WithoutIdle(name)))];
        if (references.Length > 0 || twins.Length > 0)
            PrintRatios(result, references, twins);
        PrintNotes(result);
    }

    private static void PrintRatios(WorkloadResult result, string[] references, string[] twins)
    {
        Console.WriteLine("\nPair by pair, its figure over the other's:\n");
        bool perSecond = result.Workload.IsPerProcessorSecond;
        string[] others = twins.Length > 0 ? [.. references, "itself with none idle"] : references;
        PrintRow(["contender", .. others.SelectMany(other => new[] { $"messages/s, {other}", $"{(perSecond ? "messages/CPU s" : "CPU/message")}, {other}" })]);
        PrintRule(1 + (2 * others.Length));
        foreach ((string name, RaceRound[] rounds) in result.Rounds.Where(row => !twins.Any(name => row.Key == WithoutIdle(name))))
        {
            string[] against = twins.Length > 0 ? [.. references, WithoutIdle(name)] : references;
            PrintRow([name, .. against.SelectMany(other => Ratios(rounds, result.Rounds.GetValueOrDefault(other), isItself: name == other, perSecond))]);
        }
    }

    private static string[] Ratios(RaceRound[] rounds, RaceRound[]? reference, bool isItself, bool perSecond)
    {
        if (isItself)
            return ["1", "1"];
        if (reference is null)
            return [None, None];
        string speed = IsBound(rounds) || IsBound(reference) ? None + Bound : Spread.Of(rounds.Zip(reference, (own, other) => own.PerSecond / other.PerSecond), "0.00");
        return [speed, Spread.Of(rounds.Zip(reference, (own, other) => perSecond ? own.PerProcessorSecond / other.PerProcessorSecond : own.CpuMicroseconds / other.CpuMicroseconds), "0.00")];
    }

    private static void PrintNotes(WorkloadResult result)
    {
        if (result.Rounds.Values.Any(IsBound))
            Console.WriteLine($"\n{Bound} The generator's core was full and the server's was not: the server could do more, so nothing is compared with this.");
        if (result.Rounds.Values.Any(IsLate))
            Console.WriteLine($"\n{Late} The generator itself was late in sending by more than half of the p99: other work had its core.");
        foreach ((string name, RaceRound[] rounds) in result.Rounds.Where(row => row.Value.Any(round => round.Lost > 0)))
            Console.WriteLine($"\nOf {name}'s datagrams {rounds.Sum(round => round.Lost):N0} did not come back, or only when they had been sent again.");
    }

    private static bool IsBound(RaceRound[] rounds) => rounds.Count(round => round.IsGeneratorBound) * 2 > rounds.Length;

    private static bool IsLate(RaceRound[] rounds)
    {
        LoadResult[] open = [.. rounds.Select(round => round.Open).OfType<LoadResult>()];
        return open.Length > 0 && Spread.Median(open.Select(one => one.Late99)) * 2 > Spread.Median(open.Select(one => one.P99));
    }

    private static string Latency(RaceRound[] rounds, Func<LoadResult, double> figure)
    {
        double[] all = [.. rounds.Select(round => round.Open).OfType<LoadResult>().Select(figure)];
        return all.Length == 0 ? None : Spread.Of(all, "N0") + (IsLate(rounds) ? Late : "");
    }

    private static void PrintIdle(WorkloadResult result)
    {
        if (result.Idle.Count == 0)
            return;
        Console.WriteLine("Bytes a connection that has had one message echoed and waits; median (least to most).\n");
        PrintRow("contender", "managed", "resident", "proportional");
        PrintRule(4);
        foreach ((string name, IdleRound[] rounds) in result.Idle)
        {
            double[] managed = [.. rounds.Select(round => round.Managed).OfType<double>()];
            PrintRow(
                name,
                managed.Length == 0 ? None : Spread.Of(managed, "N0"),
                Spread.Of(rounds.Select(round => round.Resident), "N0"),
                Spread.Of(rounds.Select(round => round.Proportional), "N0"));
        }
    }

    private static void PrintRow(params string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");

    private static void PrintRule(int cells) => Console.WriteLine($"|{string.Concat(Enumerable.Repeat("---|", cells))}");
}
