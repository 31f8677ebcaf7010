namespace Sockeye.Tests.Serving;

/// <summary>A datagram server at work.</summary>
internal sealed class RunningDatagramServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public RunningDatagramServer(DatagramSocket socket, DatagramHandler handler, DatagramServerOptions? options = null)
    {
        Address = socket.Address;
        Server = new DatagramServer(socket, handler, options);
        Run = Server.RunAsync(_stop.Token);
    }

    public Address Address { get; }

    public DatagramServer Server { get; }

    public Task Run { get; }

    public static async Task<RunningDatagramServer> StartAsync(
        DatagramHandler handler, DatagramServerOptions? options = null, string address = "udp://127.0.0.1:0", TimeProvider? clock = null) =>
        new(await new HostNetwork(clock).OpenDatagramAsync(address), handler, options);

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
