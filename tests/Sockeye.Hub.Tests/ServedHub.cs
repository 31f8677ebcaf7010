namespace Sockeye.Hub.Tests;

/// <summary>A hub that serves until it is stopped, or the test ends.</summary>
internal abstract class ServedHub : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    protected ServedHub(HubServer server)
    {
        Server = server;
        _running = server.RunAsync(_stop.Token);
    }

    public HubServer Server { get; }

    /// <summary>What Ctrl-C does; returns when the hub has ended.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Hang.Limit);
        await Server.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }
}
