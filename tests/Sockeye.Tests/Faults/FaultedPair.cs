using System.IO.Pipelines;
using System.Text;
using Sockeye.Tests.Serving;
using Sockeye.Tests.Time;

namespace Sockeye.Tests.Faults;

/// <summary>A client and a server in memory, and between them two connections with faults, joined by a relay or by the test itself.</summary>
internal sealed class FaultedPair : IAsyncDisposable
{
    private FaultedPair(ManualTimeProvider clock, MemoryNetwork network, FaultControl control)
    {
        (Clock, Network, Control) = (clock, network, control);
        (ToClient, ToServer) = (new WrittenPieces(clock), new WrittenPieces(clock));
    }

    public ManualTimeProvider Clock { get; }

    public MemoryNetwork Network { get; }

    public FaultControl Control { get; }

    /// <summary>What is written to the client.</summary>
    public WrittenPieces ToClient { get; }

    /// <summary>What is written to the server.</summary>
    public WrittenPieces ToServer { get; }

    public Connection Client { get; private set; } = null!;

    public Connection Server { get; private set; } = null!;

    /// <summary>The client's side, with faults.</summary>
    public Connection ClientSide { get; private set; } = null!;

    /// <summary>The server's side, with faults.</summary>
    public Connection ServerSide { get; private set; } = null!;

    /// <summary>The two sides as they are below the faults.</summary>
    public (Connection Client, Connection Server) Below { get; private set; }

    /// <summary>The relay between them.</summary>
    public Task<RelayResult> Relaying { get; private set; } = null!;

    public static Task<FaultedPair> StartAsync(string plan, int seed = 1, string address = "tcp://127.0.0.1:1000") => StartAsync(new FaultControl(FaultPlan.Parse(plan), seed: seed), address);

    public static async Task<FaultedPair> StartAsync(FaultControl control, string address = "tcp://127.0.0.1:1000")
    {
        ManualTimeProvider clock = new();
        MemoryNetwork network = new(clock);
        FaultedPair pair = new(clock, network, control);
        (pair.Client, Connection clientSide) = await JoinAsync(network, address);
        (Connection serverSide, pair.Server) = await JoinAsync(network, address.Replace("1000", "2000", StringComparison.Ordinal));
        (clientSide.Socket!.Observer, serverSide.Socket!.Observer) = (pair.ToClient, pair.ToServer);
        pair.Below = (clientSide, serverSide);
        (pair.ClientSide, pair.ServerSide) = control.Wrap(clientSide, serverSide);
        return pair;
    }

    /// <summary>Relays, and disposes of both sides as a handler does.</summary>
    public FaultedPair Relay()
    {
        Relaying = RelayAsync();
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Connection connection in new[] { Client, Server, Below.Client, Below.Server })
            connection.Abort();
        await ClientSide.DisposeAsync();
        await ServerSide.DisposeAsync();
    }

    /// <summary>All that comes, and how it ends.</summary>
    public static async Task<string> HearAllAsync(Connection connection)
    {
        StringBuilder heard = new();
        try
        {
            while (true)
            {
                ReadResult result = await connection.Input.ReadAsync();
                foreach (ReadOnlyMemory<byte> part in result.Buffer)
                    heard.Append(Encoding.Latin1.GetString(part.Span));
                connection.Input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return $"{heard}|{WrittenPieces.Fin}";
            }
        }
        catch (System.Net.Sockets.SocketException)
        {
            return $"{heard}|{WrittenPieces.Rst}";
        }
    }

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static async Task<(Connection Connected, Connection Accepted)> JoinAsync(Network network, string address)
    {
        await using Listener listener = await network.ListenAsync(address);
        Task<Connection?> accepting = listener.AcceptAsync().AsTask();
        Connection connected = await network.ConnectAsync(address, new ConnectorOptions { LingerTimeout = TimeSpan.Zero }).Within();
        return (connected, (await accepting.Within())!);
    }

    private async Task<RelayResult> RelayAsync()
    {
        RelayResult result = await Sockeye.Relay.RunAsync(ClientSide, ServerSide);
        await ServerSide.DisposeAsync();
        await ClientSide.DisposeAsync();
        return result;
    }
}
