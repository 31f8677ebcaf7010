using System.Globalization;

namespace Sockeye.Bench.Hub;

/// <summary>What it costs the server that one more comes into the room, by how many are there: processor time, and bytes sent to all.</summary>
internal static class HubJoinBench
{
    private const int Window = 500;

    /// <summary>So many come into the peers' room at most: IRC tells all of each and each of all, and five thousand would take ngircd minutes.</summary>
    private const int PeerConnectionsMax = 1_000;

    private static readonly Settings Defaults = new(Connections: 5_000, Messages: 0, Size: 0, Rounds: 3);

    public static Task<int> RunAsync(Settings given)
    {
        Settings settings = given.Or(Defaults);
        string[] kinds = HubPeer.KindsOf(settings);
        Console.WriteLine($"hub join: {settings.Connections} come into one room, {Math.Min(settings.Connections, PeerConnectionsMax)} into a peer's, {settings.Rounds} rounds in turn; a join in the first {Window} and in the last {Window}: median (min to max)");
        Dictionary<string, List<(Cost First, Cost Last)>> rounds = kinds.ToDictionary(kind => kind, _ => new List<(Cost, Cost)>());
        for (int round = 0; round < settings.Rounds; round++)
        {
            foreach (string kind in kinds)
            {
                if (Round(kind, settings) is { } figures)
                    rounds[kind].Add(figures);
            }
        }

        foreach (string kind in kinds.Where(kind => rounds[kind].Count > 0))
        {
            Console.WriteLine(
                $"  {kind,-10} first: cpu {Spread.Of(rounds[kind].Select(r => r.First.Micros), "0")} µs, {Spread.Of(rounds[kind].Select(r => r.First.Bytes), "0")} bytes   "
                + $"last: cpu {Spread.Of(rounds[kind].Select(r => r.Last.Micros), "0")} µs, {Spread.Of(rounds[kind].Select(r => r.Last.Bytes), "0")} bytes");
        }

        return Task.FromResult(0);
    }

    private static (Cost First, Cost Last)? Round(string kind, Settings settings)
    {
        using HubPeer? peer = HubPeer.Start(kind);
        if (peer is null)
            return null;

        int connections = peer.IsHub ? settings.Connections : Math.Min(settings.Connections, PeerConnectionsMax);

        // The compiler's efforts would go into the first window: as many come and go before.
        using (Child warm = peer.StartLoad())
            warm.Ask($"enter {Window} {Window}");
        using Child load = peer.StartLoad();
        Meter meter = new(peer.ProcessId, load, connections);
        Cost first = meter.Enter(Window);
        meter.Enter(connections - (2 * Window));
        return (first, meter.Enter(Window));
    }

    private sealed class Meter(int process, Child load, int members)
    {
        private double _cpu = ProcessTime.SecondsOf(process);
        private long _bytes;

        public Cost Enter(int count)
        {
            long bytes = long.Parse(load.Ask($"enter {count} {members}"), CultureInfo.CurrentCulture);
            double cpu = ProcessTime.SecondsOf(process);
            Cost cost = new((cpu - _cpu) * 1e6 / count, (double)(bytes - _bytes) / count);
            (_cpu, _bytes) = (cpu, bytes);
            return cost;
        }
    }

    private readonly record struct Cost(double Micros, double Bytes);
}
