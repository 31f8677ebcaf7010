using System.Globalization;

namespace Sockeye.Bench.Hub;

/// <summary>One room, one member who says so many messages as fast as they go, all others are shown each: deliveries a second of the server's processor time.</summary>
internal static class HubFanoutBench
{
    /// <summary>Times the messages are said in one round: processor time is counted in hundredths of a second.</summary>
    private const int Repeats = 4;

    private static readonly Settings Defaults = new(Connections: 1_000, Messages: 500, Size: 60, Rounds: 5);

    public static Task<int> RunAsync(Settings given)
    {
        Settings settings = given.Or(Defaults);
        string[] kinds = HubPeer.KindsOf(settings);
        Console.WriteLine(
            $"hub fanout: {settings.Connections} members, {settings.Messages} messages of {settings.Size} characters from one of them, {Repeats} times a round, "
            + $"{settings.Rounds} rounds in turn; median (min to max)");
        Dictionary<string, List<(double PerCpu, double PerSecond)>> rounds = kinds.ToDictionary(kind => kind, _ => new List<(double, double)>());
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
            Console.WriteLine($"  {kind,-10} {Spread.Of(rounds[kind].Select(r => r.PerCpu / 1e6), "0.00")} M deliveries a CPU second   {Spread.Of(rounds[kind].Select(r => r.PerSecond / 1e6), "0.00")} M a second");
            if (kind != "hub" && kinds[0] == "hub" && rounds[kind].Count == rounds["hub"].Count)
                Console.WriteLine($"             hub / {kind}, pair by pair: {Spread.Of(rounds["hub"].Zip(rounds[kind], (hub, peer) => hub.PerCpu / peer.PerCpu), "0.00")} a CPU second");
        }

        return Task.FromResult(0);
    }

    private static (double PerCpu, double PerSecond)? Round(string kind, Settings settings)
    {
        using HubPeer? peer = HubPeer.Start(kind);
        if (peer is null)
            return null;
        using Child load = peer.StartLoad();
        load.Ask($"enter {settings.Connections} {settings.Connections}");

        // Once before it counts, for all alike: code is compiled, buffers have grown.
        string say = $"say {settings.Messages} {settings.Size}";
        load.Ask(say);
        double before = ProcessTime.SecondsOf(peer.ProcessId);
        double seconds = 0;
        for (int i = 0; i < Repeats; i++)
            seconds += double.Parse(load.Ask(say), CultureInfo.CurrentCulture);
        double cpu = ProcessTime.SecondsOf(peer.ProcessId) - before;
        double deliveries = (double)Repeats * settings.Messages * (settings.Connections - 1);
        return (deliveries / cpu, deliveries / seconds);
    }
}
