using System.Globalization;

namespace Sockeye.Bench.Hub;

/// <summary>
/// What it costs the server that one more comes into the room, by how many are there: processor time, and bytes sent to all. What else a machine does makes the
/// same work cost twice as much from one second to the next, so each block of those who come in has a second server beside it, by turns, whose room is empty
/// before each block; how much more one costs with so many there is the ratio of the two.
/// </summary>
internal static class HubJoinBench
{
    private const int Block = 500;

    /// <summary>So many come into the one and then into the other.</summary>
    private const int Turn = 250;

    /// <summary>So many come into the peers' room at most: IRC tells all of each and each of all, and five thousand would take ngircd minutes.</summary>
    private const int PeerConnectionsMax = 1_000;

    /// <summary>How often as many as a block has come and go before, under names of their own: else the first would pay for the compiler. The peers have none: once.</summary>
    private const int WarmUps = 8;

    /// <summary>Between them, and before it counts: the compiler works behind what runs.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);

    private static readonly Settings Defaults = new(Connections: 5_000, Messages: 0, Size: 0, Rounds: 3);

    public static Task<int> RunAsync(Settings given)
    {
        Settings settings = given.Or(Defaults);
        string[] kinds = HubPeer.KindsOf(settings);
        Console.WriteLine(
            $"hub join: {settings.Connections} come into one room, {Math.Min(settings.Connections, PeerConnectionsMax)} into a peer's, in blocks of {Block}; by turns of {Turn} "
            + $"as many into a second server's room, which is empty before each block; {settings.Rounds} rounds, {WarmUps * Block} have come to a hub and gone before; median (min to max)");
        Dictionary<string, List<Cost[]>> rounds = kinds.ToDictionary(kind => kind, _ => new List<Cost[]>());
        for (int round = 0; round < settings.Rounds; round++)
        {
            foreach (string kind in kinds)
            {
                if (Round(kind, settings) is { } blocks)
                    rounds[kind].Add(blocks);
            }
        }

        foreach (string kind in kinds.Where(kind => rounds[kind].Count > 0))
            Print(kind, rounds[kind]);
        return Task.FromResult(0);
    }

    private static void Print(string kind, List<Cost[]> rounds)
    {
        string Of(Func<Cost[], double> figure, string format) => Spread.Of(rounds.Select(figure), format);
        double[] medians = [.. Enumerable.Range(0, rounds[0].Length).Select(block => Spread.Median(rounds.Select(r => r[block].Ratio)))];
        Console.WriteLine($"  {kind,-10} first {Block}: {Of(r => r[0].Micros, "0")} µs, {Of(r => r[0].Bytes, "0")} bytes each; last: {Of(r => r[^1].Micros, "0")} µs, {Of(r => r[^1].Bytes, "0")} bytes");
        Console.WriteLine($"             a join of the last {Block} / one into the empty room: {Of(r => r[^1].Ratio, "0.00")}; of each block: {string.Join(' ', medians.Select(ratio => ratio.ToString("0.00")))}");
        if (medians.Length > 2)
            Console.WriteLine($"             a thousand more there make a join dearer by {Of(r => Slope([.. r.Select(block => block.Ratio)]) * 1_000 / Block * 100, "0.0")} % (least squares, round by round)");
    }

    /// <summary>By how much each is more than the one before, if they grow evenly.</summary>
    private static double Slope(double[] values)
    {
        double middle = (values.Length - 1) / 2.0;
        double square = values.Select((_, i) => (i - middle) * (i - middle)).Sum();
        return values.Select((value, i) => (i - middle) * value).Sum() / square;
    }

    private static Cost[]? Round(string kind, Settings settings)
    {
        using HubPeer? peer = HubPeer.Start(kind);
        using HubPeer? beside = peer is null ? null : HubPeer.Start(kind);
        if (peer is null || beside is null)
            return null;

        int connections = peer.IsHub ? settings.Connections : Math.Min(settings.Connections, PeerConnectionsMax);
        using Child load = peer.StartLoad(), loadBeside = beside.StartLoad();
        for (int i = 0; i < (peer.IsHub ? WarmUps : 1); i++)
        {
            foreach (Child each in (Child[])[load, loadBeside])
            {
                each.Ask($"enter {Block} {Block}");
                each.Ask("leave 0 0");
            }

            Thread.Sleep(Quiet);
        }

        Meter full = new(peer.ProcessId, load, connections);
        Meter empty = new(beside.ProcessId, loadBeside, Block);
        return [.. Enumerable.Range(0, connections / Block).Select(_ => Enter(full, empty))];
    }

    /// <summary>One block, by turns with the server whose room is empty before and after it.</summary>
    private static Cost Enter(Meter full, Meter empty)
    {
        double seconds = 0, secondsBeside = 0;
        long bytes = 0;
        for (int i = 0; i < Block / Turn; i++)
        {
            (double cpu, long sent) = full.Enter(Turn);
            seconds += cpu;
            bytes += sent;
            secondsBeside += empty.Enter(Turn).Seconds;
        }

        empty.Leave();
        return new Cost(seconds * 1e6 / Block, (double)bytes / Block, seconds / secondsBeside);
    }

    private sealed class Meter(int process, Child load, int members)
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

        /// <summary>So little, of a second, is what a server does that waits.</summary>
        private const double Still = 0.002;

        private readonly ThreadTimes _times = new(process);
        private long _bytes = Ask(load, 0, members);

        /// <summary>All go; returns when the server has done what it does then, and its time stands still.</summary>
        public void Leave()
        {
            load.Ask("leave 0 0");
            for (double before = _times.ReadSeconds(), now; ; before = now)
            {
                Thread.Sleep(Pause);
                now = _times.ReadSeconds();
                if (now - before < Still)
                    return;
            }
        }

        public (double Seconds, long Bytes) Enter(int count)
        {
            double cpu = _times.ReadSeconds();
            long bytes = Ask(load, count, members);
            (long before, _bytes) = (_bytes, bytes);
            return (_times.ReadSeconds() - cpu, bytes - before);
        }

        /// <returns>The bytes that all have received so far.</returns>
        private static long Ask(Child load, int count, int members) => long.Parse(load.Ask($"enter {count} {members}"), CultureInfo.CurrentCulture);
    }

    /// <param name="Micros">Processor time of one join.</param>
    /// <param name="Bytes">Sent to all for one join.</param>
    /// <param name="Ratio">Its processor time over that of one into the room that was empty.</param>
    private readonly record struct Cost(double Micros, double Bytes, double Ratio);
}
