using System.Globalization;

namespace Sockeye.Bench.Hub;

/// <summary>Resident memory of a client that is in the room and waits, beyond the server with a hundred clients. The clients are another process.</summary>
internal static class HubIdleBench
{
    /// <summary>Before it counts, so that what is made once for all is not counted.</summary>
    private const int Warm = 100;

    /// <summary>How many are in a room by IRC, where all are told of all: ten thousand in one would take an hour to come in. The hub's are in one.</summary>
    private const int RoomMembers = 100;

    /// <summary>So long all wait before it is read, each server alike: what is left over from their coming is no client's.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private static readonly string[] Kinds = ["hub", "inspircd", "ngircd", "hub-tls", "inspircd-tls", "ngircd-tls"];

    private static readonly Settings Defaults = new(Connections: 10_000, Messages: 0, Size: 0, Rounds: 3);

    public static Task<int> RunAsync(Settings given)
    {
        Settings settings = given.Or(Defaults);
        string[] kinds = HubPeer.KindsOf(settings, Kinds);
        Console.WriteLine($"hub idle: {settings.Connections} clients in the room, {settings.Rounds} rounds in turn; bytes a client beyond the server with {Warm}: median (min to max)");
        Dictionary<string, List<(double Resident, double Collected, double Managed)>> rounds = kinds.ToDictionary(kind => kind, _ => new List<(double, double, double)>());
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
            Console.WriteLine($"  {kind,-12} resident (RssAnon) {Spread.Of(rounds[kind].Select(r => r.Resident), "0")}");
            if (kind.StartsWith("hub", StringComparison.Ordinal))
                Console.WriteLine($"               after a full collection {Spread.Of(rounds[kind].Select(r => r.Collected), "0")}, of which managed {Spread.Of(rounds[kind].Select(r => r.Managed), "0")}");
        }

        return Task.FromResult(0);
    }

    private static (double Resident, double Collected, double Managed)? Round(string kind, Settings settings)
    {
        using HubPeer? peer = HubPeer.Start(kind);
        if (peer is null)
            return null;
        using Child load = peer.StartLoad();
        load.Ask($"enter {Warm} {RoomMembers}");

        // Of the hub after a collection that gives back all it can, so that nothing it has to spare now makes the clients look smaller.
        long managed = peer.IsHub ? peer.AskCounters().Managed : 0;
        long resident = ResidentOf(peer.ProcessId);
        load.Ask($"enter {settings.Connections} {RoomMembers}");
        Thread.Sleep(Quiet);
        double residentEach = (double)(ResidentOf(peer.ProcessId) - resident) / settings.Connections;
        if (!peer.IsHub)
            return (residentEach, residentEach, 0);
        double managedEach = (double)(peer.AskCounters().Managed - managed) / settings.Connections;
        return (residentEach, (double)(ResidentOf(peer.ProcessId) - resident) / settings.Connections, managedEach);
    }

    /// <summary>What a process has in memory that is its own and no file's (proc(5), status).</summary>
    private static long ResidentOf(int process)
    {
        const string Name = "RssAnon:";
        string line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(Name, StringComparison.Ordinal));
        return long.Parse(line[Name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
    }
}
