using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Sockeye.Cli.Tests.Programs;

/// <summary><c>sockeye connect</c> and <c>sockeye listen</c> over WebSockets, as processes, with the library as the peer.</summary>
public sealed class TalkWebSocketTests : IAsyncDisposable
{
    private readonly CancellationTokenSource _patience = new(Lines.Patience);
    private Listener? _listener;

    private CancellationToken Stop => _patience.Token;

    public async ValueTask DisposeAsync()
    {
        if (_listener is not null)
            await _listener.DisposeAsync();
        _patience.Dispose();
    }

    [Fact]
    public async Task A_line_is_a_text_message_and_a_message_is_a_line()
    {
        using SockeyeProcess sockeye = SockeyeProcess.StartInShell("printf 'hello\\n\\n\\303\\251' | exec \"$0\" \"$@\"", "connect", await ListenAsync());
        await using WebSocketConnection peer = await AcceptAsync();

        Assert.Equal(["hello", "", "é"], await TextsAsync(peer));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, peer.CloseStatus);
        await peer.DisposeAsync();
        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        Assert.Empty(sockeye.Errors.All);
    }

    [Fact]
    public async Task The_peers_close_ends_it_while_the_input_is_open()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("connect", await ListenAsync());
        await using WebSocketConnection peer = await AcceptAsync();
        await peer.SendTextAsync("one", Stop);
        await peer.SendTextAsync("", Stop);
        await peer.SendBinaryAsync("two\n"u8.ToArray(), Stop);
        await peer.CloseAsync(cancellationToken: Stop);

        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        Assert.Equal(["one", "", "two"], sockeye.Output.All);
        Assert.Empty(sockeye.Errors.All);
    }

    [Theory]
    [InlineData(1001, "", ExitCodes.Done, null)]
    [InlineData(1011, "no disk", ExitCodes.NetworkFailed, "closed with 1011 (internal error): no disk")]
    [InlineData(4002, "as you wish", ExitCodes.NetworkFailed, "closed with 4002: as you wish")]
    public async Task The_close_status_is_the_exit_code(int status, string reason, int exitCode, string? told)
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("connect", await ListenAsync());
        await using WebSocketConnection peer = await AcceptAsync();
        await peer.CloseAsync((WebSocketCloseStatus)status, reason, Stop);

        Assert.Equal(exitCode, await sockeye.EndAsync());
        if (told is null)
            Assert.Empty(sockeye.Errors.All);
        else
            Assert.EndsWith(told, Assert.Single(sockeye.Errors.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_end_without_a_close_is_told_by_the_exit_code()
    {
        _listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0", cancellationToken: Stop);
        using SockeyeProcess sockeye = SockeyeProcess.Start("connect", $"ws://127.0.0.1:{_listener.Address.Port}/");
        await using Connection below = (await _listener.AcceptAsync(Stop))!;
        await WebSocketConnection.Accept(below).HandshakeAsync(Stop);
        await below.Output.CompleteAsync();

        Assert.Equal(ExitCodes.Reset, await sockeye.EndAsync());
        Assert.Contains("without a Close frame", Assert.Single(sockeye.Errors.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_go_through_exactly()
    {
        byte[] bytes = [.. Enumerable.Range(0, 300_000).Select(index => (byte)(index * 7))];
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, bytes, Stop);
            using SockeyeProcess sockeye = SockeyeProcess.StartInShell($"exec \"$0\" \"$@\" <'{file}' | cksum", "connect", await ListenAsync(), "--binary");
            await using WebSocketConnection peer = await AcceptAsync();
            List<byte> came = [];
            await foreach (WebSocketMessage message in peer.ReceiveAllAsync(Stop))
            {
                Assert.False(message.IsText);
                came.AddRange(message.Bytes.Span);
            }

            Assert.Equal(bytes, came);
            await peer.DisposeAsync();
            Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
            Assert.Equal(["4294967295 0"], sockeye.Output.All);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task What_is_no_UTF_8_is_no_text_message()
    {
        using SockeyeProcess sockeye = SockeyeProcess.StartInShell("printf 'fine\\n\\377\\n' | exec \"$0\" \"$@\"", "connect", await ListenAsync());
        await using WebSocketConnection peer = await AcceptAsync();
        Assert.Equal("fine", (await peer.ReceiveAsync(Stop))?.Text);

        await peer.ReceiveAsync(Stop);
        await peer.DisposeAsync();
        Assert.Equal(ExitCodes.NetworkFailed, await sockeye.EndAsync());
        Assert.Equal(["sockeye: line 2 of the input is no UTF-8, and a text message has to be; --hex or --binary sends any bytes"], sockeye.Errors.All);
    }

    [Fact]
    public async Task What_the_handshake_is_told_arrives()
    {
        string address = await ListenAsync(new ListenerOptions { WebSocket = new() { SubProtocols = ["shout"], Deflate = new() } });
        using SockeyeProcess sockeye = SockeyeProcess.StartRedirected(
            "</dev/null", "connect", address, "--subprotocol", "chat", "--subprotocol", "shout", "--header", "X-One: 1", "--origin", "https://a.example", "--compress", "--hex");
        await using WebSocketConnection peer = await AcceptAsync();

        Assert.Equal(("shout", true, "1", "https://a.example"), (peer.SubProtocol, peer.IsCompressed, peer.PeerHeaders["X-One"], peer.PeerHeaders["Origin"]));
        await peer.SendBinaryAsync(new byte[] { 0, 255 }, Stop);
        await peer.DisposeAsync();
        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        Assert.Equal(["00ff"], sockeye.Output.All);
    }

    [Fact]
    public async Task Answers_are_waited_for_before_it_closes()
    {
        using SockeyeProcess sockeye = SockeyeProcess.StartInShell("echo ask | exec \"$0\" \"$@\"", "connect", await ListenAsync(), "--reply-wait", "1h");
        await using WebSocketConnection peer = await AcceptAsync();
        Assert.Equal("ask", (await peer.ReceiveAsync(Stop))?.Text);
        await peer.SendTextAsync("answer", Stop);
        await sockeye.Output.FindAsync("answer");
        Assert.Null(peer.CloseStatus);

        await peer.CloseAsync(cancellationToken: Stop);
        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
    }

    [Fact]
    public async Task A_silent_peer_is_given_up()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("connect", await ListenAsync(), "--ping", "100ms");
        await using WebSocketConnection peer = await AcceptAsync(); // which reads nothing, and so answers no ping

        Assert.Equal(ExitCodes.TimedOut, await sockeye.EndAsync());
        Assert.Contains("has said nothing for", Assert.Single(sockeye.Errors.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_tells_messages_and_the_close()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("connect", await ListenAsync(), "--json");
        await using WebSocketConnection peer = await AcceptAsync();
        await peer.SendTextAsync("é", Stop);
        await peer.SendBinaryAsync(new byte[] { 255 }, Stop);
        await peer.CloseAsync(WebSocketCloseStatus.PolicyViolation, "enough", Stop);

        Assert.Equal(ExitCodes.NetworkFailed, await sockeye.EndAsync());
        JsonElement[] events = [.. sockeye.Output.All.Select(line => JsonDocument.Parse(line).RootElement)];
        string[] messages = [.. events.Where(each => each.GetProperty("event").GetString() == "received")
            .Select(each => $"{each.GetProperty("type")} {(each.TryGetProperty("text", out JsonElement text) ? text : each.GetProperty("base64"))}")];
        Assert.Equal(["text é", "binary /w=="], messages);
        JsonElement left = events.Single(each => each.GetProperty("event").GetString() == "left");
        Assert.Equal(("failed", 1008, "enough"), (left.GetProperty("reason").GetString(), left.GetProperty("closeStatus").GetInt32(), left.GetProperty("closeReason").GetString()));
    }

    [Fact]
    public async Task A_listener_gives_each_client_a_command_whose_lines_are_messages()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("listen", "ws://127.0.0.1:0/shout", "--keep-open", "--exec", "while read line; do echo \"you: $line\"; done");
        Address address = await sockeye.ListensAsync("ws");
        for (int i = 0; i < 2; i++)
        {
            await using WebSocketConnection client = (WebSocketConnection)await Network.Host.ConnectAsync(address, Stop);
            await client.SendTextAsync("hello", Stop);
            Assert.Equal("you: hello", (await client.ReceiveAsync(Stop))?.Text);
            await client.CloseAsync(cancellationToken: Stop);
        }

        sockeye.Signal(SockeyeProcess.Terminate);
        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
    }

    [Fact]
    public async Task Over_TLS_a_listener_talks_with_a_client_that_pins_it()
    {
        using SockeyeProcess server = SockeyeProcess.StartInShell("echo welcome | exec \"$0\" \"$@\"", "listen", "wss://127.0.0.1:0/", "--self-signed");
        Address address = await server.ListensAsync("wss");
        string certificate = await server.Errors.FindAsync("certificate SHA-256 ");
        string pin = certificate["certificate SHA-256 ".Length..].Split(": ")[0];
        using SockeyeProcess client = SockeyeProcess.StartInShell("echo hello | exec \"$0\" \"$@\"", "connect", $"{address}", "--pin", pin);

        Assert.Equal(ExitCodes.Done, await client.EndAsync());
        Assert.Equal(ExitCodes.Done, await server.EndAsync());
        Assert.Empty(client.Errors.All);
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "answered 404 Not Found instead of switching to WebSocket; check the path")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "answered an SSH banner, \"SSH-2.0-OpenSSH_9.2\": no WebSocket server is there")]
    [InlineData("\u0015\u0003\u0003\0\u0002\u0002(", "speaks TLS; connect with wss://")]
    public async Task A_port_that_speaks_something_else_is_named(string answer, string told)
    {
        _listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0", cancellationToken: Stop);
        string address = $"ws://127.0.0.1:{_listener.Address.Port}/";
        using SockeyeProcess sockeye = SockeyeProcess.Start("connect", address);
        await using Connection? peer = await _listener.AcceptAsync(Stop);
        await peer!.Output.WriteAsync(Encoding.Latin1.GetBytes(answer), Stop);

        Assert.Equal(ExitCodes.NetworkFailed, await sockeye.EndAsync());
        Assert.Equal([$"sockeye: {address} {told}"], sockeye.Errors.All);
    }

    [Theory]
    [InlineData("tcp://127.0.0.1:1", "--binary", "--binary is for WebSockets")]
    [InlineData("tcp://127.0.0.1:1", "--ping=1s", "--ping is for WebSockets")]
    [InlineData("ws://127.0.0.1:1", "--crlf", "--crlf is for streams")]
    [InlineData("ws://127.0.0.1:1", "--header=none", "a header is 'Name: value'")]
    [InlineData("ws://127.0.0.1:1", "--header=Upgrade: h2c", "Upgrade is the handshake's own header")]
    [InlineData("ws://127.0.0.1:1", "--subprotocol=a b", "is no subprotocol")]
    [InlineData("ws://127.0.0.1:1", "--insecure", "--insecure is for TLS")]
    public async Task What_does_not_go_together_is_wrong_usage(string address, string option, string told)
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("connect", address, option);

        Assert.Equal(ExitCodes.WrongUsage, await sockeye.EndAsync());
        Assert.Contains(told, Assert.Single(sockeye.Errors.All), StringComparison.Ordinal);
    }

    private async Task<string> ListenAsync(ListenerOptions? options = null)
    {
        _listener = await Network.Host.ListenAsync("ws://127.0.0.1:0/", options, Stop);
        return $"{_listener.Address}";
    }

    private async Task<WebSocketConnection> AcceptAsync()
    {
        WebSocketConnection connection = (WebSocketConnection)(await _listener!.AcceptAsync(Stop))!;
        await connection.HandshakeAsync(Stop);
        return connection;
    }

    private async Task<string[]> TextsAsync(WebSocketConnection connection)
    {
        List<string> texts = [];
        await foreach (WebSocketMessage message in connection.ReceiveAllAsync(Stop))
        {
            Assert.True(message.IsText);
            texts.Add(message.Text);
        }

        return [.. texts];
    }
}
