using Sockeye.Tests.Conformance;

namespace Sockeye.Tests.Connections.WebSocket;

public class WebSocketHandshakeTests : WebSocketTestBase
{
    [Theory]
    [InlineData("GET /chat HTTP/1.1\r\nHost: h\r\n\r\n", "426 Upgrade Required")]
    [InlineData("POST /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n", "400 Bad Request")]
    [InlineData("GET /other HTTP/1.1\r\nHost: h\r\n\r\n", "404 Not Found")]
    [InlineData("GET /chat HTTP/1.0\r\nHost: h\r\nUpgrade: websocket\r\n\r\n", "400 Bad Request")]
    [InlineData("GET chat HTTP/1.1\r\n\r\n", "400 Bad Request")]
    [InlineData("GET /chat HTTP/1.1\r\nbroken\r\n\r\n", "400 Bad Request")]
    [InlineData("GET /chat HTTP/1.1\r\nName : x\r\n\r\n", "400 Bad Request")]
    [InlineData("GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n", "400 Bad Request")]
    [InlineData("GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n", "400 Bad Request")]
    [InlineData("GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAA\r\nSec-WebSocket-Version: 13\r\n\r\n", "400 Bad Request")]
    [InlineData("GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n", "426 Upgrade Required")]
    [InlineData(Request + "Content-Length: 5\r\n\r\n", "400 Bad Request")]
    [InlineData("\0\0\0\0", "400 Bad Request")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400 Bad Request")]
    [InlineData(Request + "Origin: http://evil\r\n\r\n", "403 Forbidden")]
    public async Task A_request_that_is_none_is_answered_and_closed(string request, string status)
    {
        (Connection raw, WebSocketConnection server) = await RawClientAsync(new() { AcceptOrigin = origin => origin != "http://evil" }, "/chat");
        Task handshake = server.HandshakeAsync().AsTask();
        await raw.WriteAsync(Bytes(request));
        string answer = Payload.Text(await Within(raw.Input.ReadToEndAsync().AsTask()));
        await raw.DisposeAsync();
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", answer, StringComparison.Ordinal);
        if (status.StartsWith("426", StringComparison.Ordinal))
            Assert.Contains("Sec-WebSocket-Version: 13\r\n", answer, StringComparison.Ordinal);
        ProtocolException e = await Assert.ThrowsAnyAsync<ProtocolException>(() => Within(handshake));
        Assert.DoesNotContain('\n', e.Message);
        await Assert.ThrowsAnyAsync<ProtocolException>(async () => await server.Input.ReadAsync());
    }

    [Theory]
    [InlineData("\x16\x03\x01\x02", "TLS")]
    [InlineData("SSH-2.0-OpenSSH\r\n", "SSH")]
    [InlineData("\x01\x02", "no HTTP request")]
    [InlineData("PRI * HTTP/2.0\r\n\r\n", "HTTP/2")]
    public async Task Another_protocol_is_recognised(string said, string named)
    {
        (Connection raw, WebSocketConnection server) = await RawClientAsync();
        await raw.WriteAsync(System.Text.Encoding.Latin1.GetBytes(said));
        Task handshake = server.HandshakeAsync().AsTask();
        await Within(raw.Input.ReadToEndAsync().AsTask());
        await raw.DisposeAsync();
        Assert.Contains(named, (await Assert.ThrowsAnyAsync<ProtocolException>(() => Within(handshake))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_that_never_ends_is_bounded_however_slowly_it_comes()
    {
        (Connection raw, WebSocketConnection server) = await RawClientAsync(new() { HandshakeSizeMax = 300 });
        Task handshake = server.HandshakeAsync().AsTask();
        await raw.WriteAsync(Bytes("GET / HTTP/1.1\r\n"));
        for (int i = 0; i < 300 - 16; i++)
        {
            Assert.False(handshake.IsCompleted);
            await raw.WriteAsync(new byte[] { (byte)'x' });
        }

        Assert.StartsWith("HTTP/1.1 431 ", Payload.Text(await Within(raw.Input.ReadToEndAsync().AsTask())), StringComparison.Ordinal);
        await raw.DisposeAsync();
        await Assert.ThrowsAnyAsync<ProtocolException>(() => Within(handshake));
    }

    [Fact]
    public async Task A_handshake_may_come_byte_by_byte_and_frames_right_behind_it()
    {
        (Connection raw, WebSocketConnection server) = await RawClientAsync();
        Task<WebSocketMessage?> reading = server.ReceiveAsync().AsTask();
        byte[] all = [.. Bytes(Request + "\r\n"), .. Framing.WebSocket.WebSocketBytes.Frame(0x81, "at once")(true)];
        for (int i = 0; i < all.Length; i++)
            await raw.WriteAsync(all.AsMemory(i, 1));
        Assert.Equal("at once", (await Within(reading))!.Value.Text);
    }

    [Fact]
    public async Task A_slow_handshake_holds_nobody_else()
    {
        await using Listener listener = await Network.ListenAsync("ws://127.0.0.1:0");
        await using Connection slow = await Network.ConnectAsync($"tcp://127.0.0.1:{listener.Address.Port}");
        Connection? first = await Within(listener.AcceptAsync().AsTask());
        Task<Connection> connecting = Network.ConnectAsync(listener.Address).AsTask();
        Connection? second = await Within(listener.AcceptAsync().AsTask());
        Task serving = second!.WriteTextAsync("served").AsTask();
        Connection client = await Within(connecting);
        Assert.Equal("served", Payload.Text(await Within(client.Input.ReadExactlyAsync(6).AsTask())));
        await serving;
        slow.Abort();
        first!.Abort();
    }

    [Fact]
    public async Task Who_gives_up_waiting_for_a_handshake_does_not_end_it()
    {
        (Connection raw, WebSocketConnection server) = await RawClientAsync();
        using CancellationTokenSource stop = new();
        Task first = server.HandshakeAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await raw.WriteAsync(Bytes(Request + "\r\n"));
        await Within(server.HandshakeAsync().AsTask());
        Assert.Equal("/chat", server.Path);
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "404 Not Found")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n", "Sec-WebSocket-Accept")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", "another protocol")]
    [InlineData("HTTP/1.1 banana\r\n\r\n", "no HTTP")]
    [InlineData("HTTP/1.1 101 x\r\nbroken\r\n\r\n", "no HTTP header")]
    [InlineData("220 smtp.example ready\r\n", "mail server")]
    [InlineData("\x15\x03\x01\0\x02\x02\x0A", "wss://")]
    [InlineData("", "wss://")]
    public async Task A_server_that_does_not_switch_is_told_in_one_line(string answer, string named)
    {
        await using Listener listener = await Network.ListenAsync("tcp://127.0.0.1:0");
        Task<Connection> connecting = Network.ConnectAsync($"ws://127.0.0.1:{listener.Address.Port}/x").AsTask();
        await using Connection server = (await Within(listener.AcceptAsync().AsTask()))!;
        await server.WriteAsync(System.Text.Encoding.Latin1.GetBytes(answer));
        await server.Output.CompleteAsync();
        ProtocolException e = await Assert.ThrowsAnyAsync<ProtocolException>(() => Within(connecting));
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
        Assert.StartsWith($"ws://127.0.0.1:{listener.Address.Port}/x ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        server.Abort();
    }

    [Fact]
    public void Headers_and_subprotocols_are_checked()
    {
        Assert.ThrowsAny<ArgumentException>(() => new WebSocketOptions { SubProtocols = ["a b"] });
        Assert.ThrowsAny<ArgumentException>(() => new WebSocketOptions { SubProtocols = ["a", "a"] });
        Assert.ThrowsAny<ArgumentException>(() => new WebSocketOptions { Headers = new Dictionary<string, string> { ["X"] = "a\r\nEvil: b" } });
        Assert.ThrowsAny<ArgumentException>(() => new WebSocketOptions { Headers = new Dictionary<string, string> { ["host"] = "a" } });
        Assert.ThrowsAny<ArgumentException>(() => new WebSocketOptions { HandshakeSizeMax = 100 });
        Assert.ThrowsAny<ArgumentException>(() => new WebSocketOptions { MessageSizeMax = 0 });
    }
}
