using System.Text.Json;
using Sockeye.Hub;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Storage;
using Sockeye.Hub.Storage.Sqlite;

namespace Sockeye.Bench.Hub;

/// <summary>
/// The hub with its plain-text door alone and its limits of speed opened, as the peers' are; all else as it comes. Prints its port, then its counters for each
/// line it reads, all given back that can be, and ends with its standard input.
/// </summary>
internal static class HubServerProcess
{
    public static async Task<int> RunAsync(string kind, string folder, string[] tls)
    {
        IHubStore store = kind.StartsWith("hub-memory", StringComparison.Ordinal) ? new MemoryStore() : SqliteStore.Open(Path.Combine(folder, "hub.db"));
        HubLimits limits = new() { Chat = new ChatLimits { PerClient = Rate.Unlimited, PerOrigin = Rate.Unlimited } };
        HubOptions options = new() { Text = "tcp://127.0.0.1:0?backlog=4096", Unix = HubOptions.Off, Udp = HubOptions.Off, Web = HubOptions.Off, Limits = limits };
        if (tls is [var certificate, var key])
            options = options with { Text = "tls://127.0.0.1:0?backlog=4096", TlsCertificate = certificate, TlsKey = key };
        await using HubServer hub = await HubServer.StartAsync(options, Network.Host, directory: null, store, CancellationToken.None);
        using CancellationTokenSource stop = new();
        Task running = hub.RunAsync(stop.Token);
        Console.WriteLine(new Uri(hub.Addresses[0]).Port);
        while (await Console.In.ReadLineAsync() is not null)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            Console.WriteLine(JsonSerializer.Serialize(Counters.Read(collect: true)));
        }

        await stop.CancelAsync();
        await running;
        return 0;
    }
}
