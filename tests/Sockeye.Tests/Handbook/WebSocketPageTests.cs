using System.Net.WebSockets;

namespace Sockeye.Tests.Handbook;

public class WebSocketPageTests : HandbookTests
{
    [Fact]
    public async Task Messages()
    {
        CancellationToken stop = Stop;
        // snippet: 05 server
        ListenerOptions options = new() { WebSocket = new() { SubProtocols = ["shout"], MessageSizeMax = 64 * 1024 } };
        Listener listener = await Network.Host.ListenAsync("ws://127.0.0.1:0/shout", options, stop);

        Task serving = Server.RunAsync(listener, async (connection, draining) =>
        {
            WebSocketConnection socket = (WebSocketConnection)connection;
            await foreach (WebSocketMessage message in socket.ReceiveAllAsync(draining))
                await socket.SendTextAsync(message.Text.ToUpperInvariant(), draining);
        }, stop);
        // end snippet
        // snippet: 05 client
        ConnectorOptions asked = new() { WebSocket = new() { SubProtocols = ["shout"] } };
        await using WebSocketConnection client = (WebSocketConnection)await Network.Host.ConnectAsync(listener.Address, asked, stop);
        await client.SendTextAsync("hello", stop);
        WebSocketMessage? answer = await client.ReceiveAsync(stop);                 // "HELLO"; null once the server has closed
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", stop);  // waits for the server's Close
        // end snippet
        Assert.Equal(("HELLO", "shout"), (answer?.Text, client.SubProtocol));
        await client.DisposeAsync();
        await listener.DisposeAsync();
        await serving;
    }

    [Fact]
    public async Task As_a_stream()
    {
        CancellationToken stop = Stop;
        await using Listener listener = await Network.Host.ListenAsync("ws://127.0.0.1:0", stop);
        // snippet: 05 stream
        Task<Connection?> accepting = listener.AcceptAsync(stop).AsTask();
        Task<Connection> connecting = Network.Host.ConnectAsync(listener.Address, stop).AsTask();
        Connection server = (await accepting)!;
        await server.HandshakeAsync(stop);                          // or the first read or flush does it
        Connection client = await connecting;

        await client.WriteLineAsync("a line", stop);                // one binary message
        FrameResult<string> line = await server.Frames(Codecs.Lines()).ReadAsync(stop);
        // end snippet
        Assert.Equal("a line", line.Frame);
        client.Abort();
        server.Abort();
    }

    [Fact]
    public void Compression()
    {
        // snippet: 05 compression
        WebSocketOptions options = new() { Deflate = new WebSocketDeflateOptions { ServerContextTakeover = false } };
        // end snippet
        Assert.NotNull(options.Deflate);
    }
}
