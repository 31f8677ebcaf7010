using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Handbook;

public class RelayPageTests : HandbookTests
{
    [Fact]
    public async Task A_relay_with_a_PROXY_header()
    {
        MemoryNetwork network = new();
        using CancellationTokenSource stopping = new();
        await using RunningServer target = new(await network.ListenAsync("tcp://127.0.0.1:90?proxy=v2"), async (connection, stop) =>
        {
            await connection.HandshakeAsync(stop);
            await connection.WriteLineAsync($"{connection.RemoteEndPoint}", stop);
        });
        Listener listener = await network.ListenAsync("tcp://127.0.0.1:80");
        Task relaying = RelayAsync(network, listener, target.Address, stopping.Token);

        await using (Connection client = await network.ConnectAsync("tcp://127.0.0.1:80"))
        {
            Assert.Equal($"{client.LocalEndPoint}", await client.LineAsync());
            await client.Output.CompleteAsync();
        }

        await stopping.CancelAsync();
        await relaying.Within();
    }

    private static async Task RelayAsync(Network network, Listener listener, Address to, CancellationToken stop)
    {
        // snippet: 09 relay
        await Server.RunAsync(listener, async (client, stop) =>
        {
            await using Connection target = await network.ConnectAsync(to, new ConnectorOptions { ProxyHeader = ProxyHeader.For(client) }, stop);
            RelayResult result = await Relay.RunAsync(client, target, CancellationToken.None);
            Console.WriteLine($"{client.RemoteEndPoint}: {result.First.Bytes} bytes there, {result.Second.Bytes} back, {result.First.End}");
        }, stop);
        // end snippet
    }
}
