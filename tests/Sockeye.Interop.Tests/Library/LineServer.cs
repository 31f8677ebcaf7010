namespace Sockeye.Interop.Tests.Library;

/// <summary>A server made with the library: each line comes back in capitals; at the peer's end, how many lines there were.</summary>
internal sealed class LineServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Server _server;
    private readonly Task _running;

    private LineServer(Listener listener, ServerOptions options)
    {
        Listener = listener;
        _server = new Server(listener, ServeAsync, options);
        _running = _server.RunAsync(_stop.Token);
    }

    public Listener Listener { get; }

    public Address Address => Listener.Address;

    public static async Task<LineServer> StartAsync(Address address, ServerOptions? options = null) =>
        new(await Network.Host.ListenAsync(address), options ?? new ServerOptions());

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private static async Task ServeAsync(Connection connection, CancellationToken stop)
    {
        int count = 0;
        await foreach (string line in connection.Frames(Codecs.Lines()).ReadAllAsync(stop))
        {
            count++;
            await connection.WriteLineAsync(line.ToUpperInvariant(), stop);
        }

        await connection.WriteLineAsync($"{count} lines", stop);
    }
}
