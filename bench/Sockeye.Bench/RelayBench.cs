using System.Globalization;

namespace Sockeye.Bench;

/// <summary>Relays of TCP: throughput, processor time a gigabyte, connections a second. They take turns, so that the machine's moods meet all alike.</summary>
internal static class RelayBench
{
    private static readonly Settings Defaults = new(Connections: 16, Messages: 4_000, Size: 2_048, Rounds: 7);

    public static Task<int> RunAsync(Settings given)
    {
        Settings settings = given.Or(Defaults);
        Console.WriteLine($"relay: {settings.Size} MiB over one connection, then {settings.Messages} connections of one 64-byte question and answer, {settings.Connections} at a time; {settings.Rounds} rounds in turn; median (min to max)");
        using Child target = new("relay-target");
        int targetPort = int.Parse(target.ReadLine(), CultureInfo.InvariantCulture);
        Dictionary<string, (RelayPeers Relay, Child Client)> runs = [];
        Dictionary<string, List<Round>> rounds = [];
        try
        {
            foreach (string kind in RelayPeers.Kinds)
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
            Console.WriteLine($"  {kind,-8} {Spread.Of(all.Select(r => r.GigabytesPerSecond), "0.00")} GB/s   cpu {Spread.Of(all.Select(r => r.CpuPerGigabyte), "0.00")} s/GB   {Spread.Of(all.Select(r => r.ConnectionsPerSecond), "0")} connections/s   cpu {Spread.Of(all.Select(r => r.CpuPerConnection), "0")} µs/connection");
        foreach ((string kind, List<Round> all) in rounds.Where(row => row.Key != "sockeye"))
        {
            Console.WriteLine($"  sockeye / {kind}, pair by pair: GB/s {Ratio(rounds, all, r => r.GigabytesPerSecond)}, cpu s/GB {Ratio(rounds, all, r => r.CpuPerGigabyte)}, connections/s {Ratio(rounds, all, r => r.ConnectionsPerSecond)}, cpu µs/connection {Ratio(rounds, all, r => r.CpuPerConnection)}");
        }

        return Task.FromResult(0);
    }

    private static string Ratio(Dictionary<string, List<Round>> rounds, List<Round> theirs, Func<Round, double> figure) =>
        Spread.Of(rounds["sockeye"].Zip(theirs, (ours, other) => figure(ours) / figure(other)), "0.00");

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
