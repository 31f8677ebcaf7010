using System.Globalization;

namespace Sockeye.Bench;

/// <summary>Relays of TCP: throughput, processor time a gigabyte, connections a second. They take turns, so that the machine's moods meet all alike.</summary>
internal static class RelayBench
{
    private static readonly Settings Defaults = new(Connections: 16, Messages: 4_000, Size: 2_048, Rounds: 7);
    private static readonly Settings TapDefaults = new(Connections: 16, Messages: 800, Size: 16, Rounds: 5);

    public static Task<int> RunAsync(Settings given) => RunAsync("relay", RelayPeers.Relays, given.Or(Defaults));

    /// <summary>The same of what shows or records what passes, beside a plain relay.</summary>
    public static Task<int> RunTapAsync(Settings given) => RunAsync("tap", RelayPeers.Taps, given.Or(TapDefaults));

    private static Task<int> RunAsync(string name, string[] kinds, Settings settings)
    {
        Console.WriteLine($"{name}: {settings.Size} MiB over one connection, then {settings.Messages} connections of one 64-byte question and answer, {settings.Connections} at a time; {settings.Rounds} rounds in turn; median (min to max)");
        using Child target = new("relay-target");
        int targetPort = int.Parse(target.ReadLine(), CultureInfo.InvariantCulture);
        Dictionary<string, (RelayPeers Relay, Child Client)> runs = [];
        Dictionary<string, List<Round>> rounds = [];
        try
        {
            foreach (string kind in settings.Servers?.Split(',') ?? kinds)
            {
                if (RelayPeers.Start(kind, targetPort) is not { } relay)
                {
                    Console.WriteLine($"  {kind} is not installed and left out");
                    continue;
                }

                Child client = new(["relay-client", $"{relay.Port}", .. settings.ToArguments()]);
                client.ReadLine();
                (runs[kind], rounds[kind]) = ((relay, client), []);

                // Once before it counts, so that tiered compilation has settled.
                Measure(relay, client, settings);
            }

            for (int round = 0; round < settings.Rounds; round++)
            {
                foreach ((string kind, (RelayPeers relay, Child client)) in runs)
                    rounds[kind].Add(Measure(relay, client, settings));
            }
        }
        finally
        {
            foreach ((RelayPeers relay, Child client) in runs.Values)
            {
                client.Dispose();
                relay.Dispose();
            }
        }

        foreach ((string kind, List<Round> all) in rounds)
            Console.WriteLine($"  {kind,-10} {Spread.Of(all.Select(r => r.GigabytesPerSecond), "0.00")} GB/s   cpu {Spread.Of(all.Select(r => r.CpuPerGigabyte), "0.00")} s/GB   {Spread.Of(all.Select(r => r.ConnectionsPerSecond), "0")} connections/s   cpu {Spread.Of(all.Select(r => r.CpuPerConnection), "0")} µs/connection");
        foreach ((string kind, List<Round> all) in rounds.Where(row => row.Key != kinds[0] && rounds.ContainsKey(kinds[0])))
        {
            Console.WriteLine($"  {kinds[0]} / {kind}, pair by pair: GB/s {Ratio(r => r.GigabytesPerSecond)}, cpu s/GB {Ratio(r => r.CpuPerGigabyte)}, connections/s {Ratio(r => r.ConnectionsPerSecond)}, cpu µs/connection {Ratio(r => r.CpuPerConnection)}");
            string Ratio(Func<Round, double> figure) => Spread.Of(rounds[kinds[0]].Zip(all, (first, other) => figure(first) / figure(other)), "0.00");
        }

        return Task.FromResult(0);
    }

    private static Round Measure(RelayPeers relay, Child client, Settings settings)
    {
        (double bulkSeconds, double bulkCpu) = Ask(relay, client, "bulk");
        (double connectSeconds, double connectCpu) = Ask(relay, client, "connect");
        double gigabytes = settings.Size * 1024.0 * 1024 / 1e9;
        int connections = settings.Messages / settings.Connections * settings.Connections;
        return new Round(gigabytes / bulkSeconds, bulkCpu / gigabytes, connections / connectSeconds, connectCpu * 1e6 / connections);
    }

    private static (double Seconds, double Cpu) Ask(RelayPeers relay, Child client, string round)
    {
        double before = ProcessTime.SecondsOf(relay.ProcessId);
        double seconds = double.Parse(client.Ask(round), CultureInfo.InvariantCulture);
        return (seconds, ProcessTime.SecondsOf(relay.ProcessId) - before);
    }

    private sealed record Round(double GigabytesPerSecond, double CpuPerGigabyte, double ConnectionsPerSecond, double CpuPerConnection);
}
