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
    public async Task Two_that_both_keep_alive_stay()
    {
        (WebSocketConnection client, WebSocketConnection server) =
            await PairAsync(new ConnectorOptions { WebSocket = Options }, new ListenerOptions { WebSocket = Options });
        WebSocketConnection[] both = [client, server];
        Task<WebSocketMessage?>[] reading = [.. both.Select(each => each.ReceiveAsync().AsTask())];
        for (int i = 0; i < 5; i++)
        {
            TaskCompletionSource ponged = new(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskCompletionSource[] asked = [new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously)];
            client.PongReceived = payload => (payload.IsEmpty ? ponged : asked[0]).TrySetResult();
            server.PongReceived = payload => (payload.IsEmpty ? ponged : asked[1]).TrySetResult();

            // One pings. The other may have heard that before its own time came, and then has no need to.
            Clock.Advance(TimeSpan.FromSeconds(30));
            await Within(ponged.Task);

            // Pings of our own: once they are answered, nothing is under way that the next round could take for a sign of life.
            foreach (WebSocketConnection each in both)
                await each.PingAsync("asked"u8.ToArray());
            await Within(Task.WhenAll(asked.Select(each => each.Task)));
            Assert.DoesNotContain(reading, each => each.IsCompleted);
        }

        client.Abort();
        server.Abort();
        foreach (Task<WebSocketMessage?> each in reading)
            await Assert.ThrowsAnyAsync<Exception>(() => Within(each));
    }

    [Fact]
    public async Task Reads_with_a_time_limit_count_together()
    {
        (Connection raw, WebSocketConnection server) = await OpenRawClientAsync(Options);
        for (int i = 0; i < 13; i++)
        {
            using CancellationTokenSource limit = new();
            Task<WebSocketMessage?> reading = server.ReceiveAsync(limit.Token).AsTask();
            Clock.Advance(TimeSpan.FromSeconds(3));
            await limit.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within(reading));
        }

        Assert.Equal(Ping, await Within(raw.Input.ReadExactlyAsync(2).AsTask()));
        Task<WebSocketMessage?> last = server.ReceiveAsync().AsTask();
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<SocketTimeoutException>(() => Within(last));
    }

    [Fact]
    public async Task What_came_while_nobody_read_is_heard()
    {
        (Connection raw, WebSocketConnection server) = await OpenRawClientAsync(Options);
        Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(Ping, await Within(raw.Input.ReadExactlyAsync(2).AsTask()));
        await raw.WriteAsync(Pong);
        Clock.Advance(TimeSpan.FromMinutes(5));

        TaskCompletionSource ponged = new();
        server.PongReceived = _ => ponged.SetResult();
        Task<WebSocketMessage?> reading = server.ReceiveAsync().AsTask();
        await Within(ponged.Task);
        Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(reading.IsCompleted);
        server.Abort();
        await Assert.ThrowsAnyAsync<Exception>(() => Within(reading));
    }

    /// <summary>A machine that slept wakes with the interval and the timeout both long over.</summary>
    [Fact]
    public void A_ping_that_is_late_has_its_whole_time()
    {
        List<string> done = [];
        using WebSocketKeepAlive keepAlive = new(
            TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10), new LateTimers(Clock), () => done.Add("ping"), silent => done.Add($"{silent.TotalSeconds} s"));
        keepAlive.Start();
        keepAlive.BeginReading();
        Clock.Advance(TimeSpan.FromSeconds(30 + LateTimers.LateSeconds));
        Assert.Equal(["ping"], done);
        Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(["ping"], done);
        Clock.Advance(TimeSpan.FromSeconds(1 + LateTimers.LateSeconds));
        Assert.Equal(["ping", $"{40 + (2 * LateTimers.LateSeconds)} s"], done);
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

    /// <summary>A clock whose timers come late, as those of a machine that sleeps do.</summary>
    private sealed class LateTimers(TimeProvider clock) : TimeProvider
    {
        public const int LateSeconds = 100;

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Late(clock.CreateTimer(callback, state, Delay(dueTime), period));

        private static TimeSpan Delay(TimeSpan time) => time + TimeSpan.FromSeconds(LateSeconds);

        private sealed class Late(ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Delay(dueTime), period);

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
