namespace Sockeye.Bench;

/// <summary>Managed memory of an accepted connection that waits, its echo handler having served one message. The clients are another process.</summary>
internal static class IdleBench
{
    private static readonly Settings Defaults = new(Connections: 10_000, Messages: 0, Size: 1, Rounds: 3);

    public static Task<int> RunAsync(Settings given)
    {
        Settings settings = given.Or(Defaults);
        Console.WriteLine($"idle: {settings.Connections} connections, {settings.Rounds} rounds; bytes a connection, median (min to max)");
        foreach (string kind in EchoServers.Kinds)
        {
            List<(double Managed, double Resident)> rounds = [];
            for (int round = 0; round < settings.Rounds; round++)
                rounds.Add(Round(kind, settings));
            Console.WriteLine($"  {kind,-8} managed {Spread.Of(rounds.Select(r => r.Managed), "0")}   resident {Spread.Of(rounds.Select(r => r.Resident), "0")}");
        }

        return Task.FromResult(0);
    }

    private static (double Managed, double Resident) Round(string kind, Settings settings)
    {
        using Child server = new("server", kind);
        string port = server.ReadLine();

        // A few connections first, so that what is made once for all is not counted.
        using (Child warm = new(["client", "hold", port, .. (settings with { Connections = 100 }).ToArguments()]))
            warm.ReadLine();
        Counters before = server.AskCounters(collect: true);
        using Child client = new(["client", "hold", port, .. settings.ToArguments()]);
        client.ReadLine();
        Counters after = server.AskCounters(collect: true);
        return ((double)(after.Managed - before.Managed) / settings.Connections, (double)(after.WorkingSet - before.WorkingSet) / settings.Connections);
    }
}
