using System.IO.Pipelines;
using System.Text;

namespace Sockeye.Eye.Tests;

/// <summary>Connections in memory that a recorder looks at, at both ends.</summary>
internal sealed class EyePairs(EyeRecorder recorder) : IAsyncDisposable
{
    private readonly MemoryNetwork _network = new();
    private readonly List<Connection> _open = [];
    private Listener? _listener;

    public async Task<(Connection Client, Connection Server)> ConnectAsync()
    {
        _listener ??= await _network.ListenAsync("tcp://127.0.0.1:0", new ListenerOptions { Observer = recorder });
        Connection client = await _network.ConnectAsync(_listener.Address, new ConnectorOptions { Observer = recorder });
        Connection server = (await _listener.AcceptAsync())!;
        _open.AddRange([client, server]);
        return (client, server);
    }

    public static async Task SayAsync(Connection from, Connection to, string what)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(what);
        await from.Output.WriteAsync(bytes);
        ReadResult read = await to.Input.ReadAtLeastAsync(bytes.Length).AsTask().WaitAsync(Hang.Limit);
        to.Input.AdvanceTo(read.Buffer.GetPosition(bytes.Length));
    }

    public static async Task EndAsync(Connection client, Connection server)
    {
        await client.Output.CompleteAsync();
        await server.Output.CompleteAsync();
        await client.DisposeAsync().AsTask().WaitAsync(Hang.Limit);
        await server.DisposeAsync().AsTask().WaitAsync(Hang.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Connection connection in _open)
            connection.Abort();
        foreach (Connection connection in _open)
            await connection.DisposeAsync();
        if (_listener is not null)
            await _listener.DisposeAsync();
        await _network.DisposeAsync();
    }
}
