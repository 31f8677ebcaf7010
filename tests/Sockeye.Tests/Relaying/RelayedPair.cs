using System.Net.Sockets;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Relaying;

/// <summary>A client and a server in memory with a relay between them.</summary>
internal sealed class RelayedPair : IAsyncDisposable
{
    private static readonly ConnectorOptions NoLinger = new() { LingerTimeout = TimeSpan.Zero };

    private readonly CancellationTokenSource _stop = new();

    private RelayedPair(Connection client, Connection clientSide, Connection serverSide, Connection server)
    {
        (Client, ClientSide, ServerSide, Server) = (client, clientSide, serverSide, server);
        foreach (Connection connection in new[] { client, clientSide, serverSide, server })
            connection.Socket!.Observer = Traffic;
        Run = RunAsync();
    }

    /// <summary>Is told of every byte that moves between the four.</summary>
    public Traffic Traffic { get; } = new();

    public Connection Client { get; }

    public Connection ClientSide { get; }

    public Connection ServerSide { get; }

    public Connection Server { get; }

    public Task<RelayResult> Run { get; }

    public static async Task<RelayedPair> StartAsync(
        string clientAddress = "tcp://127.0.0.1:1000", string serverAddress = "tcp://127.0.0.1:2000", Func<Connection, Connection>? wrapClientSide = null)
    {
        MemoryNetwork network = new();
        (Connection client, Connection clientSide) = await JoinAsync(network, clientAddress);
        (Connection serverSide, Connection server) = await JoinAsync(network, serverAddress);
        return new RelayedPair(client, wrapClientSide is null ? clientSide : wrapClientSide(clientSide), serverSide, server);
    }

    public void Cancel() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        foreach (Connection connection in new[] { Client, ClientSide, ServerSide, Server })
        {
            connection.Abort();
            await connection.DisposeAsync();
        }

        _stop.Dispose();
    }

    private static async Task<(Connection Connected, Connection Accepted)> JoinAsync(Network network, string address)
    {
        await using Listener listener = await network.ListenAsync(address);
        Task<Connection?> accepting = listener.AcceptAsync().AsTask();
        Connection connected = await network.ConnectAsync(address, NoLinger).Within();
        return (connected, (await accepting.Within())!);
    }

    /// <summary>As a handler has it: relays, and closes both.</summary>
    private async Task<RelayResult> RunAsync()
    {
        RelayResult result = await Relay.RunAsync(ClientSide, ServerSide, _stop.Token);
        await ServerSide.DisposeAsync();
        await ClientSide.DisposeAsync();
        return result;
    }
}
