using System.Text;
using Sockeye.Tests.Networks.Memory;

namespace Sockeye.Tests.Connections.WebSocket;

/// <summary>WebSockets over a network in memory.</summary>
public abstract class WebSocketTestBase : MemoryTestBase
{
    protected const string Request =
        "GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

    protected async Task<(WebSocketConnection Client, WebSocketConnection Server)> PairAsync(
        ConnectorOptions? connector = null, ListenerOptions? listener = null, string path = "/")
    {
        await using Listener listening = await Network.ListenAsync("ws://127.0.0.1:0/", listener ?? new());
        Task<Connection?> accepting = listening.AcceptAsync().AsTask();
        Task<Connection> connecting = Network.ConnectAsync($"ws://127.0.0.1:{listening.Address.Port}{path}", connector ?? new()).AsTask();
        Connection server = (await Within(accepting))!;
        await server.HandshakeAsync();
        return ((WebSocketConnection)await Within(connecting), (WebSocketConnection)server);
    }

    /// <summary>A server, and a plain connection to it that says what a test wants.</summary>
    protected async Task<(Connection Raw, WebSocketConnection Server)> RawClientAsync(WebSocketOptions? options = null, string path = "/")
    {
        await using Listener listening = await Network.ListenAsync($"ws://127.0.0.1:0{path}", new ListenerOptions { WebSocket = options ?? new() });
        Connection raw = await Network.ConnectAsync($"tcp://127.0.0.1:{listening.Address.Port}");
        return (raw, (WebSocketConnection)(await Within(listening.AcceptAsync().AsTask()))!);
    }

    /// <summary>The same after the handshake.</summary>
    protected async Task<(Connection Raw, WebSocketConnection Server)> OpenRawClientAsync(WebSocketOptions? options = null)
    {
        (Connection raw, WebSocketConnection server) = await RawClientAsync(options);
        await raw.WriteAsync(Bytes(Request + "\r\n"));
        await Within(server.HandshakeAsync().AsTask());
        Assert.Contains("101 Switching", await ReadHeadAsync(raw), StringComparison.Ordinal);
        return (raw, server);
    }

    protected static async Task<string> ReadHeadAsync(Connection raw)
    {
        StringBuilder head = new();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head.Append(Encoding.Latin1.GetString(await raw.Input.ReadOneAsync()));
        return head.ToString();
    }
}
