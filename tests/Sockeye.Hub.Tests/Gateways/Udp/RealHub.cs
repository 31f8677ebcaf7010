namespace Sockeye.Hub.Tests.Gateways.Udp;

/// <summary>A hub of the operating system's network, with its text and UDP doors and a store on disk.</summary>
internal sealed class RealHub : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HubServer _server;
    private readonly Task _running;

    private RealHub(HubServer server)
    {
        _server = server;
        Text = server.Addresses.First(address => address.StartsWith("tcp", StringComparison.Ordinal));
        Udp = server.Addresses.First(address => address.StartsWith("udp", StringComparison.Ordinal));
        _running = server.RunAsync(_stop.Token);
    }

    public Address Text { get; }

    public Address Udp { get; }

    public static async Task<RealHub> StartAsync(string folder, string udp = "udp://127.0.0.1:0") => new(await HubServer.StartAsync(new HubOptions
    {
        DataDirectory = folder,
        Text = "tcp://127.0.0.1:0",
        Udp = udp,
        Unix = HubOptions.Off,
        Web = HubOptions.Off,
    }));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Hang.Limit);
        await _server.DisposeAsync();
        _stop.Dispose();
    }
}
