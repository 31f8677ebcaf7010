using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Sockeye.Cli.Services;
using Sockeye.Cli.Services.Chat;

namespace Sockeye.Cli.Tests.Services;

/// <summary>A client by its messages, in memory.</summary>
public sealed class WebSocketPeerTests : IAsyncDisposable
{
    private readonly MemoryNetwork _network = new();
    private readonly CancellationTokenSource _patience = new(Lines.Patience);
    private WebSocketConnection _client = null!;
    private WebSocketConnection _server = null!;

    private CancellationToken Stop => _patience.Token;

    public async ValueTask DisposeAsync()
    {
        _client.Abort();
        _server.Abort();
        await _network.DisposeAsync();
        _patience.Dispose();
    }

    [Fact]
    public async Task What_is_said_to_one_that_has_closed_goes_nowhere_and_the_Close_arrives()
    {
        int told = 0;
        WebSocketPeer peer = await OpenAsync(_ => told++);
        Task closing = _client.CloseAsync((WebSocketCloseStatus)4001, "bye", Stop).AsTask();
        await foreach (WebSocketMessage _ in peer.ReceivedAsync(Stop))
            Assert.Fail("Nothing was sent.");

        // As a chat room does, which hears of the Close later than the socket.
        WebSocketMember member = new(peer);
        member.Deliver(Encoding.UTF8.GetBytes("too late\n"));
        member.End();
        await member.WriteAllAsync();
        await closing;

        Assert.Equal((WebSocketCloseStatus)4001, _client.CloseStatus);
        Assert.Equal(0, told);
        Assert.Equal(0, member.WaitingBytes);
    }

    [Fact]
    public async Task What_cannot_be_sent_for_another_reason_is_told()
    {
        WebSocketPeer peer = await OpenAsync();
        _server.Abort();

        await Assert.ThrowsAnyAsync<SocketException>(async () => await peer.SendAsync("x"u8.ToArray(), WebSocketMessageType.Text));
    }

    [Theory]
    [InlineData("two words\r\n", "two words", true)]
    [InlineData("\n", "", true)]
    [InlineData("\u00ff\n", "\u00ff", false)]
    public async Task A_line_goes_without_its_end_as_text_if_it_is_UTF_8(string line, string message, bool isText)
    {
        WebSocketPeer peer = await OpenAsync();

        await peer.SendLineAsync(Encoding.Latin1.GetBytes(line));

        WebSocketMessage came = (await _client.ReceiveAsync(Stop))!.Value;
        Assert.Equal((message, isText), (Encoding.Latin1.GetString(came.Bytes.Span), came.IsText));
    }

    private async Task<WebSocketPeer> OpenAsync(Action<int>? told = null)
    {
        await using Listener listener = await _network.ListenAsync("ws://127.0.0.1:80/", cancellationToken: Stop);
        Task<Connection?> accepting = listener.AcceptAsync(Stop).AsTask();
        Task<Connection> connecting = _network.ConnectAsync("ws://127.0.0.1:80/", Stop).AsTask();
        _server = (WebSocketConnection)(await accepting)!;
        await _server.HandshakeAsync(Stop);
        _client = (WebSocketConnection)await connecting;
        return new WebSocketPeer(_server, told: told);
    }
}
