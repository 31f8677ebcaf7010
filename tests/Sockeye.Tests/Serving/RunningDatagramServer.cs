namespace Sockeye.Tests.Serving;

/// <summary>A datagram server at work.</summary>
internal sealed class RunningDatagramServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public RunningDatagramServer(DatagramSocket socket, DatagramHandler handler, DatagramServerOptions? options = null, Network? clients = null)
    {
        Clients = clients ?? Network.Host;
        Address = socket.Address;
        Server = new DatagramServer(socket, handler, options);
        Run = Server.RunAsync(_stop.Token);
    }

    /// <summary>Where the clients are.</summary>
    public Network Clients { get; }

    public Address Address { get; }

    public DatagramServer Server { get; }

    public Task Run { get; }

    public static async Task<RunningDatagramServer> StartAsync(DatagramHandler handler, DatagramServerOptions? options = null) =>
        new(await Network.Host.OpenDatagramAsync("udp://127.0.0.1:0"), handler, options);

    public void Stop() => _stop.Cancel();

    public async Task StopAsync()
    {
        Stop();
        await Run.Within();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }
}
