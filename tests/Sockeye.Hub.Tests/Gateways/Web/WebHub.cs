using Sockeye.Hub.Domain;
using Sockeye.Hub.Storage;

namespace Sockeye.Hub.Tests.Gateways.Web;

/// <summary>A hub that keeps nothing, with a page at a free port, for one test.</summary>
internal sealed class WebHub : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HubServer _hub;
    private readonly Task _running;

    private WebHub(HubServer hub)
    {
        _hub = hub;
        _running = hub.RunAsync(_stop.Token);
    }

    public Uri Page => new(_hub.PageAddress!);

    public HubServer Server => _hub;

    /// <summary>The hub's end.</summary>
    public Task Running => _running;

    /// <summary>What may be done as fast as one likes: for tests of something else.</summary>
    public static ChatLimits Unlimited { get; } = new() { PerClient = Rate.Unlimited, PerOrigin = Rate.Unlimited };

    public static HubOptions Options { get; } = new() { Web = "http://127.0.0.1:0", Text = HubOptions.Off, Udp = HubOptions.Off, Unix = HubOptions.Off };

    public static async Task<WebHub> StartAsync(HubOptions? options = null, Network? network = null, ChatLimits? limits = null, IHubStore? store = null)
    {
        options ??= Options;
        if (limits is not null)
            options = options with { Limits = options.Limits with { Chat = limits } };
        return new WebHub(await HubServer.StartAsync(options, network ?? Network.Host, null, store ?? new MemoryStore(), TestContext.Current.CancellationToken));
    }

    public Task StopAsync()
    {
        _stop.Cancel();
        return _running;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _hub.DisposeAsync();
        _stop.Dispose();
    }
}
