using System.Buffers;
using System.IO.Pipelines;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Observing.Views;

/// <summary>A client and a server in memory, and between them what a relay does, done by hand: so a test says in which order, in which pieces and when.</summary>
internal sealed class TappedPair(TimeProvider time) : IAsyncDisposable
{
    private readonly MemoryNetwork _network = new(time);
    private Listener _door = null!;
    private Listener _target = null!;

    public Connection Client { get; private set; } = null!;

    public Connection ClientLeg { get; private set; } = null!;

    public Connection ServerLeg { get; private set; } = null!;

    public Connection Server { get; private set; } = null!;

    public static async Task<TappedPair> StartAsync(SocketObserver observer, TimeProvider time)
    {
        TappedPair pair = new(time);
        pair._target = await pair._network.ListenAsync("tcp://127.0.0.1:2000");
        pair._door = await pair._network.ListenAsync("tcp://127.0.0.1:1000", new ListenerOptions { Observer = observer });
        pair.Client = await pair._network.ConnectAsync(pair._door.Address);
        pair.ClientLeg = (await pair._door.AcceptAsync())!;
        pair.ServerLeg = await pair._network.ConnectAsync(pair._target.Address, new ConnectorOptions { Observer = observer, OnBehalfOf = pair.ClientLeg });
        pair.Server = (await pair._target.AcceptAsync())!;
        return pair;
    }

    /// <summary>The client says something, in one write for each word; the relay takes each as it comes.</summary>
    public async Task SayAsync(bool fromClient, params byte[][] words)
    {
        (Connection source, Connection leg) = fromClient ? (Client, ClientLeg) : (Server, ServerLeg);
        foreach (byte[] word in words)
        {
            await source.WriteAsync(word);
            ReadResult read = await leg.Input.ReadAtLeastAsync(word.Length);
            leg.Input.AdvanceTo(read.Buffer.End);
        }
    }

    /// <summary>The relay writes something on.</summary>
    public async Task PassAsync(bool fromClient, params byte[][] words)
    {
        (Connection leg, Connection sink) = fromClient ? (ServerLeg, Server) : (ClientLeg, Client);
        foreach (byte[] word in words)
        {
            await leg.WriteAsync(word);
            ReadResult read = await sink.Input.ReadAtLeastAsync(word.Length);
            Assert.Equal(word, read.Buffer.ToArray());
            sink.Input.AdvanceTo(read.Buffer.End);
        }
    }

    /// <summary>Both sides end in order, the client first.</summary>
    public async Task EndAsync()
    {
        foreach ((Connection from, Connection by, Connection to) in new[] { (Client, ClientLeg, ServerLeg), (Server, ServerLeg, ClientLeg) })
        {
            await from.Output.CompleteAsync();
            Assert.True((await by.Input.ReadAsync()).IsCompleted);
            await to.Output.CompleteAsync();
        }

        await ClientLeg.DisposeAsync();
        await ServerLeg.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Connection connection in new[] { Client, ClientLeg, ServerLeg, Server })
            connection.Abort();
        await _door.DisposeAsync();
        await _target.DisposeAsync();
        await _network.DisposeAsync();
    }
}
