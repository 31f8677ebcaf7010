using System.Globalization;

namespace Sockeye.Bench;

/// <summary>Ping-pong over TCP: allocation, time and processor time a message. The servers take turns, so that the machine's moods meet all alike.</summary>
internal static class EchoBench
{
    private static readonly Settings Defaults = new(Connections: 64, Messages: 200_000, Size: 64, Rounds: 7);

    public static Task<int> RunAsync(Settings given)
    {
        Settings settings = given.Or(Defaults);
        Console.WriteLine($"echo: {settings.Connections} connections, {settings.Messages} messages of {settings.Size} bytes a round, {settings.Rounds} rounds in turn; median (min to max)");
        Dictionary<string, (Child Server, Child Client)> runs = [];
        Dictionary<string, List<Round>> rounds = [];
        try
        {
            foreach (string kind in EchoServers.Kinds)
            {
                Child server = new("server", kind);
                Child client = new(["client", "ping", server.ReadLine(), .. settings.ToArguments()]);
                client.ReadLine();
                runs[kind] = (server, client);
                rounds[kind] = [];

                // Twice, so that tiered compilation has settled.
                client.Ask("go");
                client.Ask("go");
            }

            for (int round = 0; round < settings.Rounds; round++)
            {
                foreach (string kind in EchoServers.Kinds)
                    rounds[kind].Add(Measure(runs[kind].Server, runs[kind].Client, settings));
            }
        }
        finally
        {
            foreach ((Child server, Child client) in runs.Values)
            {
                client.Dispose();
                server.Dispose();
            }
        }

        foreach (string kind in EchoServers.Kinds)
        {
            List<Round> all = rounds[kind];
            Console.WriteLine($"  {kind,-8} allocated {Spread.Of(all.Select(r => r.Allocated), "0.00")} B/message   cpu {Spread.Of(all.Select(r => r.CpuMicroseconds), "0.00")} µs/message   {Spread.Of(all.Select(r => r.PerSecond), "0")} messages/s");
        }

        double[] ratios = [.. rounds["sockeye"].Zip(rounds["socket"], (ours, theirs) => ours.PerSecond / theirs.PerSecond)];
        double[] cpu = [.. rounds["sockeye"].Zip(rounds["socket"], (ours, theirs) => ours.CpuMicroseconds / theirs.CpuMicroseconds)];
        Console.WriteLine($"  sockeye / socket, pair by pair: messages/s {Spread.Of(ratios, "0.00")}, cpu {Spread.Of(cpu, "0.00")}");
        double[] recording = [.. rounds["recorded"].Zip(rounds["sockeye"], (with, without) => with.CpuMicroseconds / without.CpuMicroseconds)];
        Console.WriteLine($"  with a memory recorder / without, pair by pair: cpu {Spread.Of(recording, "0.00")}");
        double[] calls = CallCost.Measure(settings.Rounds);
        double message = Spread.Median(rounds["sockeye"].Select(r => r.CpuMicroseconds)) * 1000;
        Console.WriteLine($"  without an observer the public calls of a message add {Spread.Of(calls, "0.0")} ns to the network's, {Spread.Of(calls.Select(added => 100 * added / message), "0.00")} % of its processor time");
        return Task.FromResult(0);
    }

    private static Round Measure(Child server, Child client, Settings settings)
    {
        Counters before = server.AskCounters();
        double seconds = double.Parse(client.Ask("go"), CultureInfo.InvariantCulture);
        Counters after = server.AskCounters();
        int messages = settings.Messages / settings.Connections * settings.Connections;

        // Reading the counters allocates too; a second reading at once says how much.
        Counters again = server.AskCounters();
        long reading = again.Allocated - after.Allocated;
        return new Round(
            Math.Max(0, after.Allocated - before.Allocated - reading) / (double)messages,
            (after.CpuSeconds - before.CpuSeconds) * 1e6 / messages,
            messages / seconds);
    }

    private sealed record Round(double Allocated, double CpuMicroseconds, double PerSecond);
}
