using System.IO.Pipelines;
using System.Text;
using Sockeye.Tests.Conformance;
using Sockeye.Tests.Connections.Tls;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Connections;

/// <summary>One limit over all that comes before the first byte of an accepted connection, without any server.</summary>
public class HandshakeLimitTests : TlsTestBase
{
    [Theory]
    [InlineData("tcp://127.0.0.1:0?proxy=any", "sent no PROXY header within 10 s")]
    [InlineData("tls://127.0.0.1:0", "cannot speak TLS with tcp://127.0.0.1:{0}: it said nothing within 10 s")]
    [InlineData("ws://127.0.0.1:0/", "cannot speak WebSocket with 127.0.0.1:{0}: the handshake was not done within 10 s")]
    [InlineData("wss://127.0.0.1:0/", "cannot speak TLS with tcp://127.0.0.1:{0}: it said nothing within 10 s")]
    [InlineData("tls://127.0.0.1:0?proxy=any", "sent no PROXY header within 10 s")]
    public async Task A_silent_peer_is_left_after_ten_seconds_of_being_waited_for(string address, string says)
    {
        (Connection peer, Connection accepted) = await JoinAsync(address);

        // Nobody waits for it yet.
        Clock.Advance(100 * Second);
        Assert.Equal(0, Clock.TimerCount);
        Task<ReadResult> reading = accepted.Input.ReadAsync().AsTask();
        await TimerAsync();
        Clock.Advance((10 * Second) - TimeSpan.FromTicks(1));
        Assert.False(reading.IsCompleted);
        Clock.Advance(TimeSpan.FromTicks(1));
        Exception e = await Assert.ThrowsAnyAsync<Exception>(() => reading.Within());
        Assert.True(e is SocketTimeoutException or ProxyHeaderException, e.ToString());
        Assert.Contains(string.Format(null, says, ((System.Net.IPEndPoint)peer.LocalEndPoint!).Port), e.Message, StringComparison.Ordinal);
        Assert.False(await peer.EndsInOrderAsync());
    }

    [Fact]
    public async Task The_time_is_for_PROXY_and_TLS_together()
    {
        (Connection peer, Connection accepted) = await JoinAsync("tls://127.0.0.1:0?proxy=any");
        Task handshake = accepted.HandshakeAsync().AsTask();
        await TimerAsync();
        Clock.Advance(6 * Second);
        await AnnounceAsync(peer, accepted);
        Clock.Advance(4 * Second);
        SocketTimeoutException e = await Assert.ThrowsAsync<SocketTimeoutException>(() => handshake.Within());
        Assert.Contains("TLS with tcp://203.0.113.7:4711: it said nothing within 10 s", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_time_is_for_PROXY_TLS_and_WebSocket_together_and_over_when_they_are_done()
    {
        foreach (bool isDone in new[] { false, true })
        {
            (Connection peer, Connection below) = await JoinAsync("tls://127.0.0.1:0?proxy=any", Timeout.InfiniteTimeSpan);
            WebSocketConnection accepted = WebSocketConnection.Accept(below);
            Task handshake = accepted.HandshakeAsync().AsTask();
            await TimerAsync();
            Clock.Advance(4 * Second);
            await AnnounceAsync(peer, accepted);
            TlsConnection secure = TlsConnection.CreateClient(peer, Trusting);
            await secure.HandshakeAsync().AsTask().Within();

            // With TLS 1.3 the client is done first.
            while (accepted.Layer<TlsConnection>()!.Protocol == System.Security.Authentication.SslProtocols.None)
                await Task.Yield();
            Clock.Advance(5 * Second);
            Assert.False(handshake.IsCompleted);
            if (isDone)
            {
                Connection client = await WebSocketConnection.ConnectAsync(secure, Address.Parse("wss://localhost/")).AsTask().Within();
                await handshake.Within();
                Assert.Equal(0, Clock.TimerCount);
                Clock.Advance(100 * Second);
                await client.WriteLineAsync("hello");
                Assert.Equal("hello", await accepted.LineAsync());
                client.Abort();
            }
            else
            {
                Clock.Advance(1 * Second);
                SocketTimeoutException e = await Assert.ThrowsAsync<SocketTimeoutException>(() => handshake.Within());
                Assert.Contains("WebSocket with 203.0.113.7:4711: the handshake was not done within 10 s", e.Message, StringComparison.Ordinal);
                secure.Abort();
            }

            accepted.Abort();
        }
    }

    [Fact]
    public async Task A_peer_may_be_waited_for_without_end()
    {
        foreach (string address in new[] { "tcp://127.0.0.1:0?proxy=any", "tls://127.0.0.1:0", "ws://127.0.0.1:0/" })
        {
            (Connection peer, Connection accepted) = await JoinAsync(address, Timeout.InfiniteTimeSpan);
            Task handshake = accepted.HandshakeAsync().AsTask();
            Clock.Advance(TimeSpan.FromDays(50));
            Assert.False(handshake.IsCompleted);
            Assert.Equal(0, Clock.TimerCount);
            peer.Abort();
            await Assert.ThrowsAnyAsync<Exception>(() => handshake.Within());
            accepted.Abort();
        }
    }

    [Fact]
    public async Task TLS_over_a_connection_of_ones_own_has_the_limit_too()
    {
        await using Listener listener = await Network.ListenAsync("tcp://127.0.0.1:0");
        Connection peer = await Network.ConnectAsync(listener.Address);
        TlsConnection accepted = TlsConnection.CreateServer((await listener.AcceptAsync())!, Serving(), new ListenerOptions { HandshakeTimeout = 3 * Second });
        Task handshake = accepted.HandshakeAsync().AsTask();
        await TimerAsync();
        Clock.Advance(3 * Second);
        Assert.Contains("within 3 s", (await Assert.ThrowsAsync<SocketTimeoutException>(() => handshake.Within())).Message, StringComparison.Ordinal);
        peer.Abort();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(long.MaxValue / TimeSpan.TicksPerMillisecond)]
    public void HandshakeTimeout_is_positive_and_what_a_timer_can_do(long milliseconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ListenerOptions { HandshakeTimeout = TimeSpan.FromTicks(milliseconds * TimeSpan.TicksPerMillisecond) });

    private async Task<(Connection Peer, Connection Accepted)> JoinAsync(string address, TimeSpan? timeout = null)
    {
        ListenerOptions options = new() { Tls = Serving() };
        await using Listener listener = await Network.ListenAsync(address, timeout is { } time ? options with { HandshakeTimeout = time } : options);
        Connection peer = await Network.ConnectAsync($"tcp://127.0.0.1:{listener.Address.Port}");
        return (peer, (await listener.AcceptAsync())!);
    }

    private static async Task AnnounceAsync(Connection peer, Connection accepted)
    {
        await peer.WriteAsync(Encoding.ASCII.GetBytes("PROXY TCP4 203.0.113.7 198.51.100.1 4711 443\r\n"));
        while (accepted.ProxyHeader is null)
            await Task.Yield();

        // TLS notes whose it is behind the header.
        while (accepted.RemoteEndPoint?.ToString() != "203.0.113.7:4711")
            await Task.Yield();
    }

    private async Task TimerAsync()
    {
        while (Clock.TimerCount == 0)
            await Task.Yield();
    }
}
