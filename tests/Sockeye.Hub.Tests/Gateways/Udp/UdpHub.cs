using System.Net;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Udp;
using Sockeye.Hub.Storage;
using Sockeye.Tests.Time;

namespace Sockeye.Hub.Tests.Gateways.Udp;

/// <summary>A hub with its UDP door, on a network in memory with a clock that stands unless moved.</summary>
internal sealed class UdpHub : ServedHub
{
    public const string Here = "udp://127.0.0.1:9000";

    /// <summary>Where others in the network reach it.</summary>
    public const string Elsewhere = "udp://192.0.2.1:9000";
    public const string Elsewhere6 = "udp://[2001:db8::1]:9000";

    private UdpHub(MemoryNetwork network, ManualTimeProvider clock, HubServer server)
        : base(server) => (Network, Clock) = (network, clock);

    public static UdpLimits Limits { get; } = new();

    public MemoryNetwork Network { get; }

    public ManualTimeProvider Clock { get; }

    public List<string> Notices { get; } = [];

    public static async Task<UdpHub> StartAsync(string at = Here, HubOptions? options = null, IHubStore? store = null, UdpHub? after = null)
    {
        ManualTimeProvider clock = after?.Clock ?? new ManualTimeProvider();
        if (after is null)
            clock.Advance(new DateTimeOffset(2026, 11, 20, 18, 2, 0, TimeSpan.Zero) - DateTimeOffset.UnixEpoch);
        MemoryNetwork network = after?.Network ?? NewNetwork(clock);
        options = (options ?? new HubOptions()) with { Text = HubOptions.Off, Unix = HubOptions.Off, Web = HubOptions.Off, Udp = at };
        HubServer server = await HubServer.StartAsync(options, network, null, store ?? new MemoryStore(), CancellationToken.None);
        return new UdpHub(network, clock, server);
    }

    /// <summary>A program at an address of its own.</summary>
    public async Task<UdpPeer> OpenAsync(string at = "udp://127.0.0.1:0", string to = Here) =>
        new(await Network.OpenDatagramAsync(at), Address.Parse(to).EndPoint);

    /// <summary>Somebody with a name, in the lobby.</summary>
    public async Task<UdpPeer> ComeAsync(string name, string at = "udp://127.0.0.1:0")
    {
        UdpPeer peer = await OpenAsync(at);
        Assert.Contains($", {name}.", await peer.AskAsync($"/name {name}"), StringComparison.Ordinal);
        return peer;
    }

    /// <summary>Lets time pass until something has happened.</summary>
    public Task PassTimeUntilAsync(Task happened, TimeSpan step) => Clock.AdvanceUntilAsync(happened, step);

    private static MemoryNetwork NewNetwork(ManualTimeProvider clock)
    {
        MemoryNetwork network = new(clock);
        foreach (string address in new[] { "192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2" })
            network.AddAddress(IPAddress.Parse(address));
        return network;
    }
}
