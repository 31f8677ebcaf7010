using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Sockeye.Cli.Services;
using Sockeye.Cli.Services.Chat;
using Sockeye.Cli.Serving;

namespace Sockeye.Cli.Tests.Serving;

/// <summary><c>sockeye serve</c> on a <c>ws://</c> address: by messages, and what it tells is what was said, not frames.</summary>
public sealed class ServeWebSocketTests : IDisposable
{
    private const string Ws = "ws://127.0.0.1:0/";

    private readonly CancellationTokenSource _patience = new(Lines.Patience);

    private CancellationToken Stop => _patience.Token;

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task Echo_keeps_kind_and_boundaries_and_tells_the_payload()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new EchoService(), Ws);
        await using WebSocketConnection client = await ConnectAsync(serve);

        await client.SendTextAsync("é", Stop);
        await client.SendTextAsync("", Stop);
        await client.SendAsync("frag"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: false, Stop);
        await client.SendAsync(new byte[] { 0, 255 }, WebSocketMessageType.Binary, endOfMessage: true, Stop);
        Assert.Equal("text é", await HearAsync(client));
        Assert.Equal("text ", await HearAsync(client));
        Assert.Equal("binary 6672616700FF", await HearAsync(client));
        await client.CloseAsync(cancellationToken: Stop);
        await client.DisposeAsync();

        await serve.Lines.FindAsync("left");
        Assert.Collection(
            serve.Lines.All[1..],
            line => Assert.Matches(@"^#1 tcp://127.0.0.1:\d+ connected to ws://127.0.0.1:\d+$", line),
            line => Assert.EndsWith(" sent 2 bytes: é", line, StringComparison.Ordinal),
            line => Assert.EndsWith(" sent 0 bytes", line, StringComparison.Ordinal),
            line => Assert.EndsWith(@" sent 6 bytes: frag\x00\xff", line, StringComparison.Ordinal),
            line => Assert.EndsWith(" left (ended): 8 bytes received, 8 sent", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Upper_answers_each_message_in_its_kind()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new UpperService(), Ws);
        await using WebSocketConnection client = await ConnectAsync(serve);

        await client.SendTextAsync("ça va\n", Stop);
        await client.SendBinaryAsync(new byte[] { (byte)'a', 0xC3 }, Stop);

        Assert.Equal("text ÇA VA\n", await HearAsync(client));
        Assert.Equal("binary 41C3", await HearAsync(client));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hello_answers_each_message_with_a_text(bool byLines)
    {
        await using RunningServe serve = await RunningServe.StartAsync(new HelloService(byLines), Ws);
        await using WebSocketConnection client = await ConnectAsync(serve);

        await client.SendTextAsync("one\ntwo\n", Stop);
        await client.SendBinaryAsync(new byte[] { 255 }, Stop);

        Assert.Equal("text Hello, client!", await HearAsync(client));
        Assert.Equal("text Hello, client!", await HearAsync(client));
    }

    [Fact]
    public async Task Greet_sends_a_text_hears_one_message_and_closes()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new GreetService("Привет", closeAtOnce: false), Ws);
        await using WebSocketConnection client = await ConnectAsync(serve);

        Assert.Equal("text Привет", await HearAsync(client));
        await client.SendTextAsync("thanks", Stop);

        Assert.Equal("closed 1000", await HearAsync(client));
        await client.DisposeAsync();
        await serve.Lines.FindAsync("sent 6 bytes: thanks");
        await serve.Lines.FindAsync("left (closed): 6 bytes received, 12 sent");
    }

    [Fact]
    public async Task Greet_may_close_at_once()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new GreetService("hi", closeAtOnce: true), Ws);
        await using WebSocketConnection client = await ConnectAsync(serve);

        Assert.Equal("text hi", await HearAsync(client));
        Assert.Equal("closed 1000", await HearAsync(client));
    }

    [Fact]
    public async Task Daytime_is_one_text_without_a_line_end()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new DaytimeService(TimeProvider.System), Ws);
        await using WebSocketConnection client = await ConnectAsync(serve);

        Assert.Matches(@"\Atext \w+, \w+ \d+, \d{4} \d\d:\d\d:\d\d[+-]\d\d:\d\d\z", await HearAsync(client));
        Assert.Equal("closed 1000", await HearAsync(client));
    }

    [Fact]
    public async Task Discard_says_nothing()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new DiscardService(), Ws);
        await using WebSocketConnection client = await ConnectAsync(serve);

        await client.SendTextAsync("hello", Stop);
        await serve.Lines.FindAsync("sent 5 bytes: hello");
        await client.CloseAsync(cancellationToken: Stop);

        Assert.Equal("closed 1000", await HearAsync(client));
        await client.DisposeAsync();
        await serve.Lines.FindAsync("left (ended): 5 bytes received, 0 sent");
    }

    [Fact]
    public async Task One_room_for_messages_lines_and_datagrams()
    {
        ChatService chat = new(TimeProvider.System);
        await using RunningServe serve = await RunningServe.StartAsync(chat, $"{Ws} tcp://127.0.0.1:0 udp://127.0.0.1:0");
        await using WebSocketConnection one = await ConnectAsync(serve);
        await using WebSocketConnection other = await ConnectAsync(serve);
        using Socket lines = await serve.ConnectAsync("tcp");
        using Socket datagrams = await serve.ConnectAsync("udp");
        await datagrams.SendAsync(Array.Empty<byte>());
        await MembersAsync(chat, 4);

        await one.SendTextAsync("你好", Stop);
        Assert.Equal("text 你好", await HearAsync(other));
        Assert.Equal("你好\n", await lines.HearAsync("你好\n"));
        Assert.Equal("你好\n", await datagrams.HearAsync());

        await lines.SayAsync("from a line\r\n");
        Assert.Equal("text from a line", await HearAsync(one));
        Assert.Equal("text from a line", await HearAsync(other));
        await lines.SendAsync(new byte[] { 255, (byte)'\n' });
        Assert.Equal("binary FF", await HearAsync(one));
        await other.SendBinaryAsync("as bytes\n"u8.ToArray(), Stop);
        Assert.Equal("text as bytes", await HearAsync(one));
    }

    [Fact]
    public async Task A_message_too_long_for_a_line_goes_in_parts_that_are_text()
    {
        ChatService chat = new(TimeProvider.System);
        await using RunningServe serve = await RunningServe.StartAsync(chat, $"{Ws} tcp://127.0.0.1:0");
        await using WebSocketConnection one = await ConnectAsync(serve);
        await using WebSocketConnection other = await ConnectAsync(serve);
        using Socket lines = await serve.ConnectAsync("tcp");
        await MembersAsync(chat, 3);
        string text = "x" + new string('你', 50_000);

        await one.SendTextAsync(text, Stop);
        await HearPartsAsync();
        await lines.SendAsync(Encoding.UTF8.GetBytes(text + "\n"));
        await HearPartsAsync();

        async Task HearPartsAsync()
        {
            string heard = "";
            while (heard.Length < text.Length)
            {
                string part = await HearAsync(other);
                Assert.StartsWith("text ", part, StringComparison.Ordinal);
                heard += part["text ".Length..];
            }

            Assert.Equal(text, heard);
        }
    }

    [Fact]
    public async Task A_huge_message_puts_nobody_out_who_listens()
    {
        ChatService chat = new(TimeProvider.System);
        await using RunningServe serve = await RunningServe.StartAsync(chat, Ws);
        await using WebSocketConnection one = await ConnectAsync(serve);
        await using WebSocketConnection other = await ConnectAsync(serve);
        await MembersAsync(chat, 2);
        const int Length = 5 * QueuedMember.WaitingBytesMax;

        Task sending = one.SendTextAsync(new string('x', Length), Stop).AsTask();
        int heard = 0;
        while (heard < Length)
            heard += (await other.ReceiveAsync(Stop))!.Value.Bytes.Length;
        await sending;

        Assert.Equal(Length, heard);
        Assert.Equal(2, chat.Room.Count);
    }

    [Fact]
    public async Task Stopping_closes_with_1001()
    {
        RunningServe serve = await RunningServe.StartAsync(new EchoService(), $"{Ws} tcp://127.0.0.1:0", new ServeSettings { DrainTimeout = Lines.Patience });
        await using WebSocketConnection client = await ConnectAsync(serve);
        await client.SendTextAsync("x", Stop);
        Assert.Equal("text x", await HearAsync(client));

        Task stopping = serve.StopAsync();
        Assert.Equal("closed 1001", await HearAsync(client));
        await client.DisposeAsync();
        await stopping;

        await serve.Lines.FindAsync("left (drained): 1 byte received, 1 sent");
        await serve.DisposeAsync();
    }

    [Fact]
    public async Task What_it_was_closed_with_is_told()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new EchoService(), Ws);
        await using WebSocketConnection client = await ConnectAsync(serve);
        await client.CloseAsync(WebSocketCloseStatus.InternalServerError, "no disk", Stop);
        await client.DisposeAsync();

        Assert.Matches(@"left \(ended\): 0 bytes received, 0 sent: .* closed with 1011 \(internal error\): no disk$", await serve.Lines.FindAsync("left"));
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_with_1009()
    {
        await using RunningServe serve = await RunningServe.StartAsync(
            new EchoService(), Ws, new ServeSettings { WebSocket = new WebSocketOptions { MessageSizeMax = 1000 } });
        await using WebSocketConnection client = await ConnectAsync(serve);
        await client.SendBinaryAsync(new byte[1001], Stop);

        Assert.Equal("closed 1009", await HearAsync(client));
        await client.DisposeAsync();
        Assert.Contains("larger than MessageSizeMax, 1000 bytes", await serve.Lines.FindAsync("left (error)"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_answers_no_ping_is_given_up()
    {
        WebSocketOptions options = new() { KeepAliveInterval = TimeSpan.FromMilliseconds(50), KeepAliveTimeout = TimeSpan.FromMilliseconds(50) };
        await using RunningServe serve = await RunningServe.StartAsync(new EchoService(), Ws, new ServeSettings { WebSocket = options });
        await using WebSocketConnection client = await ConnectAsync(serve); // which reads nothing, and so answers no ping

        Assert.Contains("has said nothing for", await serve.Lines.FindAsync("left (idle)"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_path_is_refused()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new EchoService(), "ws://127.0.0.1:0/chat");
        Address wrong = $"ws://127.0.0.1:{serve.Addresses[0].Port}/other";

        await Assert.ThrowsAsync<ProtocolException>(async () => await Network.Host.ConnectAsync(wrong, Stop));
        await serve.Lines.FindAsync("refused by", "404");
    }

    private async Task<WebSocketConnection> ConnectAsync(RunningServe serve) =>
        (WebSocketConnection)await Network.Host.ConnectAsync(serve.Addresses.First(address => address.Scheme == "ws"), Stop);

    /// <summary>The next message, or what it was closed with.</summary>
    private async Task<string> HearAsync(WebSocketConnection client) => await client.ReceiveAsync(Stop) is { } message
        ? message.IsText ? $"text {message.Text}" : $"binary {Convert.ToHexString(message.Bytes.Span)}"
        : $"closed {(int)client.CloseStatus!.Value}";

    private async Task MembersAsync(ChatService chat, int count)
    {
        TaskCompletionSource there = new(TaskCreationOptions.RunContinuationsAsynchronously);
        chat.Room.Changed += Look;
        Look();
        await there.Task.WaitAsync(Stop);
        chat.Room.Changed -= Look;

        void Look()
        {
            if (chat.Room.Count == count)
                there.TrySetResult();
        }
    }
}
