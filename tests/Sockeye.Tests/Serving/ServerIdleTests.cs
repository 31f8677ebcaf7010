namespace Sockeye.Tests.Serving;

public abstract class ServerIdleTests(ServingNetwork network) : ServingTests(network)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Sweep = Idle / 4;

    [Fact]
    public async Task Silence_ends_a_connection_and_only_that()
    {
        WatchedClock clock = new();
        await using RunningServer server = await StartAsync(RunningServer.EchoAsync, new ServerOptions { IdleTimeout = Idle }, clock: clock);
        await using Connection silent = await server.ConnectAsync();
        await using Connection talking = await server.ConnectAsync();
        await silent.AskAsync("once");

        for (int sweep = 0; sweep < 4; sweep++)
        {
            await talking.AskAsync("still here");
            clock.Advance(Sweep);
        }

        // What was said before the first sweep counts from that sweep.
        Assert.Equal(2, server.Statistics.Active);

        // Where the last of it was counted only after that sweep, it ends one later.
        Task<(EndReason Reason, Exception? Error)> ending = server.EndedAsync();
        do
        {
            await talking.AskAsync("still here");
            clock.Advance(Sweep);
        }
        while (!ending.IsCompleted);

        (EndReason reason, Exception? error) = await ending;

        Assert.Equal(EndReason.Idle, reason);
        Assert.IsType<TimeoutException>(error);
        Assert.False(await silent.EndsInOrderAsync());
        Assert.Equal("me too", await talking.AskAsync("me too"));
        Assert.Equal(new ServerStatistics { Active = 1, Accepted = 2, IdleTimeouts = 1 }, server.Statistics);
    }

    [Fact]
    public async Task One_that_never_spoke_ends_at_the_timeout_exactly()
    {
        WatchedClock clock = new();
        TaskCompletionSource serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningServer server = await StartAsync(
            RunningServer.EchoAsync, new ServerOptions { IdleTimeout = Idle, OnServing = _ => serving.SetResult() }, clock: clock);
        await using Connection client = await server.ConnectAsync();
        await serving.Task.Within();

        clock.Advance(Idle - TimeSpan.FromTicks(1));
        Assert.Equal(1, server.Statistics.Active);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(EndReason.Idle, (await server.EndedAsync()).Reason);
    }

    [Fact]
    public async Task All_connections_share_one_timer()
    {
        WatchedClock clock = new();
        await using RunningServer server = await StartAsync(RunningServer.EchoAsync, new ServerOptions { IdleTimeout = Idle }, clock: clock);
        for (int i = 0; i < 10; i++)
        {
            await using Connection client = await server.ConnectAsync();
            await client.AskAsync("hello");
        }

        Assert.Equal(1, clock.Started(Sweep));
    }

    [Fact]
    public async Task A_slow_verify_is_idle_too()
    {
        WatchedClock clock = new();
        TaskCompletionSource verifying = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool served = false;
        await using RunningServer server = await StartAsync(
            (_, _) =>
            {
                served = true;
                return Task.CompletedTask;
            },
            new ServerOptions
            {
                IdleTimeout = Idle,
                Verify = async (connection, _) =>
                {
                    verifying.SetResult();
                    return await connection.LineAsync() is not null;
                },
            },
            clock: clock);
        await using Connection client = await server.ConnectAsync();
        await verifying.Task.Within();
        clock.Advance(Idle);

        Assert.Equal(EndReason.Idle, (await server.EndedAsync()).Reason);
        Assert.False(served);
        await server.StopAsync();
        Assert.Equal(new ServerStatistics { Accepted = 1, IdleTimeouts = 1 }, server.Statistics);
    }

    [Fact]
    public async Task A_handler_that_outlives_the_abort_ends_when_it_likes()
    {
        WatchedClock clock = new();
        TaskCompletionSource serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningServer server = await StartAsync(
            async (_, _) =>
            {
                serving.SetResult();
                await go.Task;
            },
            new ServerOptions { IdleTimeout = Idle },
            clock: clock);
        await using Connection client = await server.ConnectAsync();
        await serving.Task.Within();
        clock.Advance(Idle * 3);

        Assert.False(await client.EndsInOrderAsync());
        Assert.Equal(1, server.Statistics.Active);
        go.SetResult();
        Assert.Equal((EndReason.Idle, null), await server.EndedAsync());
        Assert.Equal(1, server.Statistics.IdleTimeouts);
    }

    [Fact]
    public async Task The_shortest_timeout_is_swept_more_than_once()
    {
        // A quarter of a millisecond is no period that a timer knows.
        OfferedListener listener = new();
        await using RunningServer server = new(listener, RunningServer.EchoAsync, new ServerOptions { IdleTimeout = TimeSpan.FromMilliseconds(1) });
        for (int i = 0; i < 3; i++)
        {
            await using Connection client = listener.Offer();
            Assert.Equal(EndReason.Idle, (await server.EndedAsync()).Reason);
        }
    }

    [Fact]
    public async Task A_sweep_that_meets_another_leaves_it_the_work()
    {
        WatchedClock clock = new();
        TaskCompletionSource serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int asked = 0;
        await using OfferedListener listener = new(clock);
        using CancellationTokenSource stop = new();
        Task run = Server.RunAsync(
            listener,
            async (connection, token) =>
            {
                serving.SetResult();
                await RunningServer.EchoAsync(connection, token);
            },
            new ServerOptions { IdleTimeout = Idle },
            stop.Token);

        // The connection moves bytes, and the clock, just when it is asked for them: the second sweep would find nothing new and an old mark.
        long bytes = 0;
        await using Connection client = listener.Offer(inner => new CountedConnection(inner, () =>
        {
            if (bytes > 0 && ++asked == 1)
                clock.Advance(Idle * 2);
            return bytes;
        }));
        await serving.Task.Within();
        bytes = 1;
        clock.Advance(Sweep);

        Assert.Equal(1, asked);
        Assert.Equal("alive", await client.AskAsync("alive"));
        await stop.CancelAsync();
        await client.DisposeAsync();
        await run.Within();
    }

    private sealed class CountedConnection(Connection inner, Func<long> count) : DelegatingConnection(inner)
    {
        public override long BytesReceived => count();

        public override long BytesSent => 0;
    }
}
