using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Text;
using Sockeye.Hub.Storage;
using Sockeye.Tests.Time;

namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>A hub with nothing but its plain-text door, on a network in memory with a clock that stands unless moved.</summary>
internal sealed class TextHub : IAsyncDisposable
{
    public const string Tcp = "tcp://127.0.0.1:8888";
    public const string Unix = "unix:///hub.sock";

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private TextHub(MemoryNetwork network, ManualTimeProvider clock, HubServer server)
    {
        (Network, Clock, Server) = (network, clock, server);
        _running = server.RunAsync(_stop.Token);
    }

    public static TextLimits Limits { get; } = new();

    public MemoryNetwork Network { get; }

    public ManualTimeProvider Clock { get; }

    public HubServer Server { get; }

    /// <summary>Ends when the hub has stopped.</summary>
    public Task Running => _running.WaitAsync(Hang.Limit);

    public static async Task<TextHub> StartAsync(HubOptions? options = null, IHubStore? store = null, ChatLimits? limits = null, TextHub? sameNetwork = null)
    {
        ManualTimeProvider clock = sameNetwork?.Clock ?? new ManualTimeProvider();
        if (sameNetwork is null)
            clock.Advance(new DateTimeOffset(2026, 11, 20, 18, 2, 0, TimeSpan.Zero) - DateTimeOffset.UnixEpoch);
        MemoryNetwork network = sameNetwork?.Network ?? new MemoryNetwork(clock);
        options = (options ?? new HubOptions()) with { Text = options?.Text ?? Tcp, Unix = Unix, Web = HubOptions.Off, Udp = HubOptions.Off };
        if (limits is not null)
            options = options with { Limits = options.Limits with { Chat = limits } };
        return new TextHub(network, clock, await HubServer.StartAsync(options, network, null, store ?? new MemoryStore(), CancellationToken.None));
    }

    /// <summary>A client that nobody has spoken to yet.</summary>
    public async Task<TextPeer> ConnectAsync(string address = Tcp) => new(await Network.ConnectAsync(address));

    /// <summary>Somebody with a name, in the lobby.</summary>
    public async Task<TextPeer> ComeAsync(string name, string address = Tcp) => await (await ConnectAsync(address)).AsAsync(name);

    /// <summary>Lets time pass until something has happened.</summary>
    public Task PassTimeUntilAsync(Task happened, TimeSpan step) => Clock.AdvanceUntilAsync(happened, step);

    /// <summary>What Ctrl-C does.</summary>
    public Task StopAsync() => _stop.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();

        // Who takes nothing is given its time, which nobody else moves.
        await PassTimeUntilAsync(_running, TimeSpan.FromSeconds(1));
        await Server.DisposeAsync();
        _stop.Dispose();
    }
}
