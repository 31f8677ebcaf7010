using System.Threading.Channels;

namespace Sockeye.Tests.Serving;

/// <summary>A server at work on a free port, and clients for it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly ConnectorOptions Hasty = new() { LingerTimeout = TimeSpan.Zero };

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<(EndReason Reason, Exception? Error)> _ended = Channel.CreateUnbounded<(EndReason, Exception?)>();

    /// <summary>Its clients live on <paramref name="clients"/>, on the host if on none.</summary>
    public RunningServer(Listener listener, Handler handler, ServerOptions? options = null, Network? clients = null)
    {
        Clients = clients ?? Network.Host;
        options ??= new ServerOptions();
        Address = listener.Address;
        Server = new Server(listener, handler, options with
        {
            OnEnded = (connection, reason, error) =>
            {
                _ended.Writer.TryWrite((reason, error));
                options.OnEnded?.Invoke(connection, reason, error);
            },
        });
        Run = Server.RunAsync(_stop.Token);
    }

    /// <summary>Where the clients are.</summary>
    public Network Clients { get; }

    public Address Address { get; }

    public Server Server { get; }

    public Task Run { get; }

    public ServerStatistics Statistics => Server.Statistics;

    public static async Task<RunningServer> StartAsync(Handler handler, ServerOptions? options = null, string address = "tcp://127.0.0.1:0", TimeProvider? clock = null) =>
        new(await new HostNetwork(clock).ListenAsync(address), handler, options);

    /// <summary>Answers each line with itself until the peer ends or the server stops.</summary>
    public static async Task EchoAsync(Connection connection, CancellationToken stop)
    {
        await foreach (string line in connection.Frames(Codecs.Lines()).ReadAllAsync(stop))
            await connection.WriteLineAsync(line, CancellationToken.None);
    }

    public async Task<Connection> ConnectAsync() => await Clients.ConnectAsync(Address, Hasty).Within();

    /// <summary>How the next connection to end has ended.</summary>
    public Task<(EndReason Reason, Exception? Error)> EndedAsync() => _ended.Reader.ReadAsync().Within();

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
