using Sockeye.Tests.Conformance;

namespace Sockeye.Tests.Connections.WebSocket;

/// <summary>A peer that says nothing is pinged, and given up, by the network's clock.</summary>
public class WebSocketKeepAliveTests : WebSocketTestBase
{
    private static readonly WebSocketOptions Options = new() { KeepAliveInterval = TimeSpan.FromSeconds(30), KeepAliveTimeout = TimeSpan.FromSeconds(10) };

    private static readonly byte[] Ping = [0x89, 0x00];
    private static readonly byte[] Pong = [0x8A, 0x80, 0, 0, 0, 0];

    [Fact]
    public async Task A_silent_peer_is_pinged_and_given_up()
    {
        (Connection raw, WebSocketConnection server) = await OpenRawClientAsync(Options);
        Task<WebSocketMessage?> reading = server.ReceiveAsync().AsTask();

        Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(raw.Input.TryRead(out _));
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Ping, await Within(raw.Input.ReadExactlyAsync(2).AsTask()));
        Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(reading.IsCompleted);
        Clock.Advance(TimeSpan.FromSeconds(1));

        SocketTimeoutException given = await Assert.ThrowsAsync<SocketTimeoutException>(() => Within(reading));
        Assert.Contains("has said nothing for 40 s", given.Message, StringComparison.Ordinal);
        Assert.True(server.Closed.IsCancellationRequested);
        await Assert.ThrowsAsync<SocketTimeoutException>(() => Within(server.ReceiveAsync().AsTask()));
    }

    [Fact]
    public async Task A_pong_keeps_it_and_starts_the_time_again()
    {
        (Connection raw, WebSocketConnection server) = await OpenRawClientAsync(Options);
        Task<WebSocketMessage?> reading = server.ReceiveAsync().AsTask();
        for (int i = 0; i < 3; i++)
        {
            TaskCompletionSource ponged = new();
            server.PongReceived = _ => ponged.SetResult();
            Clock.Advance(TimeSpan.FromSeconds(30));
            Assert.Equal(Ping, await Within(raw.Input.ReadExactlyAsync(2).AsTask()));
            await raw.WriteAsync(Pong);
            await Within(ponged.Task);
            Assert.False(reading.IsCompleted);
        }

        server.Abort();
        await Assert.ThrowsAnyAsync<Exception>(() => Within(reading));
    }

    [Fact]
    public async Task Nobody_is_given_up_while_nobody_reads()
    {
        (_, WebSocketConnection server) = await OpenRawClientAsync(Options);

        for (int i = 0; i < 10; i++)
            Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.False(server.Closed.IsCancellationRequested);
        Task<WebSocketMessage?> reading = server.ReceiveAsync().AsTask();
        Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(reading.IsCompleted);
        server.Abort();
        await Assert.ThrowsAnyAsync<Exception>(() => Within(reading));
    }

    [Fact]
    public void Times_that_are_none_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new WebSocketOptions { KeepAliveTimeout = TimeSpan.FromDays(25) });
        Assert.Null(new WebSocketOptions().KeepAliveInterval);
    }
}
