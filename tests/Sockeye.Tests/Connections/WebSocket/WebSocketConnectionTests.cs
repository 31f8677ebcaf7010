using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Net.WebSockets;
using Sockeye.Tests.Conformance;
using Sockeye.Tests.Framing.WebSocket;

namespace Sockeye.Tests.Connections.WebSocket;

public class WebSocketConnectionTests : WebSocketTestBase
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_go_both_ways(bool compressed)
    {
        WebSocketOptions options = new() { Deflate = compressed ? new() : null };
        (WebSocketConnection client, WebSocketConnection server) = await PairAsync(new() { WebSocket = options }, new() { WebSocket = options });
        Assert.Equal((compressed, compressed), (client.IsCompressed, server.IsCompressed));
        byte[] large = Payload.Of(1_000_000);
        foreach ((WebSocketConnection from, WebSocketConnection to) in new[] { (client, server), (server, client) })
        {
            Task sending = SendAsync(from);
            Assert.Equal(("你好", true), await TextAsync(to));
            Assert.Equal(("", true), await TextAsync(to));
            Assert.Equal(large, (await Within(to.ReceiveAsync().AsTask()))!.Value.Bytes.ToArray());
            Assert.Equal(("in three parts", true), await TextAsync(to));
            await Within(sending);
        }

        async Task SendAsync(WebSocketConnection from)
        {
            await from.SendTextAsync("你好");
            await from.SendTextAsync("");
            await from.SendBinaryAsync(large);
            await from.SendAsync(Bytes("in "), WebSocketMessageType.Text, endOfMessage: false);
            await from.SendAsync(Bytes("three "), WebSocketMessageType.Text, endOfMessage: false);
            await from.SendAsync(Bytes("parts"), WebSocketMessageType.Text);
        }

        static async Task<(string, bool)> TextAsync(WebSocketConnection connection)
        {
            WebSocketMessage message = (await Within(connection.ReceiveAsync().AsTask()))!.Value;
            return (message.Text, message.IsText);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_compressed_message_comes_out_whole_with_nothing_behind_it(bool endOfMessage)
    {
        WebSocketOptions options = new() { Deflate = new() };
        (WebSocketConnection client, WebSocketConnection server) = await PairAsync(new() { WebSocket = options }, new() { WebSocket = options });
        await client.SendAsync(new byte[1_000_000], WebSocketMessageType.Binary, endOfMessage);
        Assert.Equal(1_000_000, (await Within(server.Input.ReadExactlyAsync(1_000_000).AsTask())).Length);
        if (endOfMessage)
            await client.SendBinaryAsync(new byte[1_000_000]);
        else
            await client.SendAsync(new byte[1_000_000], WebSocketMessageType.Binary);
        Assert.Equal(1_000_000, (await Within(server.Input.ReadExactlyAsync(1_000_000).AsTask())).Length);
    }

    [Fact]
    public async Task The_handshake_agrees_on_path_subprotocol_and_headers()
    {
        (WebSocketConnection client, WebSocketConnection server) = await PairAsync(
            new() { WebSocket = new() { SubProtocols = ["a", "b"], Headers = new Dictionary<string, string> { ["X-Who"] = "me" } } },
            new() { WebSocket = new() { SubProtocols = ["c", "b", "a"], Headers = new Dictionary<string, string> { ["X-Server"] = "you" } } },
            "/room/1?name=x");
        Assert.Equal(("b", "b"), (client.SubProtocol, server.SubProtocol));
        Assert.Equal(("/room/1?name=x", "me", "you"), (server.Path, server.PeerHeaders["x-who"], client.PeerHeaders["x-server"]));
    }

    [Fact]
    public async Task A_ping_is_answered_by_whoever_reads()
    {
        (WebSocketConnection client, WebSocketConnection server) = await PairAsync();
        TaskCompletionSource<byte[]> pong = new();
        client.PongReceived = payload => pong.TrySetResult(payload.ToArray());
        Task<WebSocketMessage?> serverReads = server.ReceiveAsync().AsTask();
        Task<WebSocketMessage?> clientReads = client.ReceiveAsync().AsTask();
        await client.PingAsync(Bytes("are you there"));
        Assert.Equal(Bytes("are you there"), await Within(pong.Task));
        Assert.False(serverReads.IsCompleted || clientReads.IsCompleted);
        await Assert.ThrowsAsync<ArgumentException>(async () => await client.PingAsync(new byte[126]));
    }

    [Fact]
    public async Task Reading_never_waits_for_a_peer_that_takes_no_pongs()
    {
        (Connection raw, WebSocketConnection server) = await OpenRawClientAsync();
        Task writing = server.SendBinaryAsync(new byte[4 * 1024 * 1024]).AsTask();
        Assert.False(writing.IsCompleted);
        for (int i = 0; i < 100; i++)
            await raw.WriteAsync(WebSocketBytes.Frame(WebSocketBytes.Fin | WebSocketBytes.Ping, $"{i}")(true));
        await raw.WriteAsync(WebSocketBytes.Frame(WebSocketBytes.Fin | WebSocketBytes.Text, "heard")(true));
        Assert.Equal("heard", (await Within(server.ReceiveAsync().AsTask()))!.Value.Text);
        Assert.False(writing.IsCompleted);
        raw.Abort();
        await Assert.ThrowsAsync<SocketException>(() => Within(writing));
    }

    [Fact]
    public async Task Closing_says_a_status_and_a_reason_and_is_answered()
    {
        (WebSocketConnection client, WebSocketConnection server) = await PairAsync();
        Task<WebSocketMessage?> reading = server.ReceiveAsync().AsTask();
        await Within(client.CloseAsync((WebSocketCloseStatus)4001, "再见").AsTask());
        Assert.Null(await Within(reading));
        Assert.Equal(((WebSocketCloseStatus)4001, "再见"), (server.CloseStatus, server.CloseReason));
        Assert.Equal((WebSocketCloseStatus)4001, client.CloseStatus);
        Assert.Null(await server.ReceiveAsync());
        await FailsAsync(SocketError.Shutdown, async () => await client.SendTextAsync("late"));
        await FailsAsync(SocketError.Shutdown, async () => await server.SendTextAsync("late"));
        await Within(Task.WhenAll(client.DisposeAsync().AsTask(), server.DisposeAsync().AsTask()));
    }

    [Theory]
    [InlineData(1005)]
    [InlineData(1006)]
    [InlineData(1015)]
    [InlineData(999)]
    [InlineData(2000)]
    public async Task A_status_that_may_not_be_sent_is_our_mistake(int status)
    {
        (WebSocketConnection client, _) = await PairAsync();
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await client.CloseAsync((WebSocketCloseStatus)status, "why"));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await client.CloseAsync(WebSocketCloseStatus.NormalClosure, new string('x', 124)));
        await client.SendTextAsync("still open");
    }

    [Fact]
    public async Task Disposing_both_sides_says_1000_to_each()
    {
        (WebSocketConnection client, WebSocketConnection server) = await PairAsync();
        await client.SendTextAsync("unread");
        await Within(Task.WhenAll(client.DisposeAsync().AsTask(), server.DisposeAsync().AsTask()));
        Assert.Equal((WebSocketCloseStatus.NormalClosure, WebSocketCloseStatus.NormalClosure), (client.CloseStatus, server.CloseStatus));
        Assert.True(client.Closed.IsCancellationRequested && server.Closed.IsCancellationRequested);
    }

    [Fact]
    public async Task Disposing_leaves_a_peer_that_does_not_close()
    {
        (Connection raw, WebSocketConnection server) = await OpenRawClientAsync();
        Task disposing = server.DisposeAsync().AsTask();
        Assert.Equal([0x88, 0x02, 0x03, 0xE8], await Within(raw.Input.ReadExactlyAsync(4).AsTask()));
        while (!disposing.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await disposing;
        Assert.True(server.Closed.IsCancellationRequested);
    }

    [Theory]
    [InlineData(0x83, "", 1002)]
    [InlineData(0x81, "\xFF", 1007)]
    [InlineData(0x82, "more than ten bytes", 1009)]
    public async Task A_peer_that_breaks_the_protocol_is_told_how(int first, string latin1, int status)
    {
        (Connection raw, WebSocketConnection server) = await OpenRawClientAsync(new() { MessageSizeMax = 10 });
        await raw.WriteAsync(WebSocketBytes.Frame(first, System.Text.Encoding.Latin1.GetBytes(latin1))(true));
        Task<WebSocketMessage?> reading = server.ReceiveAsync().AsTask();
        Assert.Equal([0x88, 0x02, (byte)(status >> 8), (byte)status], await Within(raw.Input.ReadToEndAsync().AsTask()));
        await raw.DisposeAsync();
        ProtocolException e = await Assert.ThrowsAnyAsync<ProtocolException>(() => Within(reading));
        Assert.StartsWith($"{server.RemoteEndPoint}: ", e.Message, StringComparison.Ordinal);
        Assert.Equal(status == 1009 ? 10 : null, (e as FrameTooLargeException)?.Limit);
        Assert.Same(e, await Assert.ThrowsAnyAsync<ProtocolException>(async () => await server.ReceiveAsync()));
    }

    [Fact]
    public async Task An_end_without_a_Close_is_told_as_cut_short()
    {
        (Connection raw, WebSocketConnection server) = await OpenRawClientAsync();
        await raw.WriteAsync(WebSocketBytes.Frame(WebSocketBytes.Text, "half a mess")(true));
        await raw.Output.CompleteAsync();
        ProtocolException e = await Assert.ThrowsAnyAsync<ProtocolException>(() => Within(server.ReceiveAsync().AsTask()));
        Assert.Contains("cut short", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_receive_loses_nothing()
    {
        (Connection raw, WebSocketConnection server) = await OpenRawClientAsync();
        foreach (byte[] part in WebSocketBytes.All(WebSocketBytes.Frame(WebSocketBytes.Text, "one "), WebSocketBytes.Frame(0x80, "message"))(true).Chunk(1))
        {
            using CancellationTokenSource stop = new();
            Task<WebSocketMessage?> reading = server.ReceiveAsync(stop.Token).AsTask();
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
            await raw.WriteAsync(part);
        }

        Assert.Equal("one message", (await Within(server.ReceiveAsync().AsTask()))!.Value.Text);
    }

    [Fact]
    public async Task Messages_of_many_writers_never_mix()
    {
        (WebSocketConnection client, WebSocketConnection server) = await PairAsync();
        Task[] writers = [.. Enumerable.Range(0, 8).Select(async writer =>
        {
            for (int i = 0; i < 5; i++)
                await client.SendBinaryAsync(Enumerable.Repeat((byte)writer, 150_000).ToArray());
        })];
        for (int i = 0; i < 40; i++)
        {
            ReadOnlyMemory<byte> bytes = (await Within(server.ReceiveAsync().AsTask()))!.Value.Bytes;
            Assert.Equal(150_000, bytes.Length);
            Assert.False(bytes.Span.ContainsAnyExcept(bytes.Span[0]));
        }

        await Within(Task.WhenAll(writers));
    }

    [Fact]
    public async Task A_large_send_cancelled_in_the_middle_aborts()
    {
        (_, WebSocketConnection server) = await OpenRawClientAsync();
        using CancellationTokenSource stop = new();
        Task sending = server.SendBinaryAsync(new byte[4 * 1024 * 1024], stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.True(server.Closed.IsCancellationRequested);
    }

    [Fact]
    public async Task As_a_stream_each_direction_ends_by_itself()
    {
        (WebSocketConnection client, WebSocketConnection server) = await PairAsync();
        await client.WriteTextAsync("question");
        await client.Output.CompleteAsync();
        Assert.Equal("question", Payload.Text(await Within(server.Input.ReadToEndAsync().AsTask())));
        await server.WriteTextAsync("and the ");
        await server.WriteTextAsync("answer");
        await server.Output.CompleteAsync();
        Assert.Equal("and the answer", Payload.Text(await Within(client.Input.ReadToEndAsync().AsTask())));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.CloseStatus);
    }

    [Fact]
    public async Task Each_flush_of_a_stream_is_a_message()
    {
        (WebSocketConnection client, WebSocketConnection server) = await PairAsync(new() { WebSocket = new() { StreamsText = true } });
        client.Output.Write("a, "u8);
        client.Output.Write("b"u8);
        await client.Output.FlushAsync();
        byte[] character = Bytes("好");
        await client.WriteAsync(character.AsMemory(0, 1));
        await client.WriteAsync(character.AsMemory(1));
        Assert.Equal("a, b", (await Within(server.ReceiveAsync().AsTask()))!.Value.Text);
        WebSocketMessage second = (await Within(server.ReceiveAsync().AsTask()))!.Value;
        Assert.Equal(("好", true), (second.Text, second.IsText));
    }

    [Fact]
    public async Task Either_messages_or_a_stream()
    {
        (WebSocketConnection client, WebSocketConnection server) = await PairAsync();
        await client.WriteTextAsync("x");
        await server.Input.ReadExactlyAsync(1);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await server.ReceiveAsync());
        await server.SendTextAsync("y");
        Assert.Equal("y", (await Within(client.ReceiveAsync().AsTask()))!.Value.Text);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.Input.ReadAsync());
    }

    [Fact]
    public async Task Aborting_resets_and_ends_what_waits()
    {
        (WebSocketConnection client, WebSocketConnection server) = await PairAsync();
        Task<WebSocketMessage?> own = client.ReceiveAsync().AsTask();
        Task<WebSocketMessage?> peers = server.ReceiveAsync().AsTask();
        client.Abort();
        await FailsAsync(SocketError.OperationAborted, () => own);
        await FailsAsync(SocketError.ConnectionReset, () => peers);
        await FailsAsync(SocketError.OperationAborted, async () => await client.SendTextAsync("x"));
        await Within(client.DisposeAsync().AsTask());
        await Within(server.DisposeAsync().AsTask());
    }

    [Fact]
    public async Task Text_that_is_no_text_is_our_mistake()
    {
        (WebSocketConnection client, WebSocketConnection server) = await PairAsync();
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await client.SendTextAsync("\uD800"));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await client.SendAsync(new byte[] { 0xFF }, WebSocketMessageType.Text));
        await client.SendAsync(Bytes("a"), WebSocketMessageType.Text, endOfMessage: false);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.SendBinaryAsync(new byte[1]));
        await client.SendAsync(Bytes("b"), WebSocketMessageType.Text);
        Assert.Equal("ab", (await Within(server.ReceiveAsync().AsTask()))!.Value.Text);
    }
}
