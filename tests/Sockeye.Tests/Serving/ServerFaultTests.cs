using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Sockeye.Tests.Serving;

public abstract class ServerFaultTests(ServingNetwork network) : ServingTests(network)
{
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(3);

    /// <summary>What a faulty handler may return instead of a task.</summary>
    private static readonly Task NoTask = null!;

    [Theory]
    [InlineData("synchronously")]
    [InlineData("later")]
    [InlineData("without a task")]
    [InlineData("cancelled by itself")]
    public async Task An_error_of_a_handler_ends_its_connection_only(string how)
    {
        await using RunningServer server = await StartAsync(async (connection, stop) =>
        {
            if (await connection.LineAsync() == "fail")
                await FailAsync(connection, how);
            await connection.WriteLineAsync("well", stop);
            await RunningServer.EchoAsync(connection, stop);
        });
        await using Connection other = await server.ConnectAsync();
        Assert.Equal("well", await other.AskAsync("hello"));
        await using Connection failing = await server.ConnectAsync();
        await failing.WriteLineAsync("fail");

        Assert.False(await failing.EndsInOrderAsync());
        (EndReason reason, Exception? error) = await server.EndedAsync();
        Assert.Equal(EndReason.HandlerError, reason);
        Assert.NotNull(error);
        Assert.Equal("still", await other.AskAsync("still"));
        await using Connection next = await server.ConnectAsync();
        Assert.Equal("well", await next.AskAsync("hello"));
        Assert.Equal(new ServerStatistics { Active = 2, Accepted = 3, HandlerErrors = 1 }, server.Statistics);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_that_throws_before_it_waits_ends_its_connection_only(bool throws)
    {
        OfferedListener listener = new();
        await using RunningServer server = new(listener, (_, _) => throws ? throw new InvalidOperationException("At once.") : NoTask);
        for (int i = 1; i <= 3; i++)
        {
            await using Connection client = listener.Offer();
            await client.EndsInOrderAsync();
            Assert.Equal(EndReason.HandlerError, (await server.EndedAsync()).Reason);
            Assert.Equal(new ServerStatistics { Accepted = i, HandlerErrors = i }, server.Statistics);
        }
    }

    [Fact]
    public async Task A_reset_by_the_peer_is_an_error_of_its_handler()
    {
        await using RunningServer server = await StartAsync(RunningServer.EchoAsync);
        Connection client = await server.ConnectAsync();
        await client.AskAsync("hello");
        client.Abort();
        (EndReason reason, Exception? error) = await server.EndedAsync();
        Assert.Equal(EndReason.HandlerError, reason);
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(error).SocketErrorCode);
    }

    [Fact]
    public async Task A_handler_may_dispose_abort_or_detach_its_connection()
    {
        ConcurrentQueue<NetworkSocket> detached = [];
        await using RunningServer server = await StartAsync(async (connection, _) =>
        {
            switch (await connection.LineAsync())
            {
                case "dispose":
                    await connection.DisposeAsync();
                    break;
                case "abort":
                    connection.Abort();
                    break;
                default:
                    detached.Enqueue(connection.Detach().Socket);
                    break;
            }
        });
        foreach (string how in (string[])["dispose", "abort", "detach"])
        {
            await using Connection client = await server.ConnectAsync();
            await client.WriteLineAsync(how);
            if (how != "detach")
            {
                Assert.Equal(how == "dispose", await client.EndsInOrderAsync());
                await client.DisposeAsync();
            }

            await server.EndedAsync();
        }

        await server.StopAsync();
        Assert.Equal(0, server.Statistics.Active);

        // The detached socket is its new owner's.
        using NetworkSocket socket = Assert.Single(detached);
        Assert.False(socket.IsClosed);
    }

    [Fact]
    public async Task Callbacks_that_throw_are_told_and_change_nothing()
    {
        ConcurrentQueue<string> errors = [];
        ServerOptions options = new()
        {
            ConnectionLimit = 1,
            OnServing = _ => throw new InvalidOperationException("serving"),
            OnEnded = (_, _, _) => throw new InvalidOperationException("ended"),
            OnRefused = (_, _) => throw new InvalidOperationException("refused"),
            OnError = e =>
            {
                errors.Enqueue(e.Message);
                throw new InvalidOperationException("error");
            },
        };
        await using RunningServer server = await StartAsync(RunningServer.EchoAsync, options);
        for (int i = 0; i < 2; i++)
        {
            await using Connection served = await server.ConnectAsync();
            Assert.Equal("hello", await served.AskAsync("hello"));
            await using Connection refused = await server.ConnectAsync();
            Assert.True(await refused.EndsInOrderAsync());
            await served.DisposeAsync();
            Assert.Equal((EndReason.Completed, null), await server.EndedAsync());
        }

        await server.StopAsync();
        Assert.Equal(["serving", "refused", "ended", "serving", "refused", "ended"], errors);
        Assert.Equal(new ServerStatistics { Accepted = 4, RefusedByLimit = 2, CallbackErrors = 6 }, server.Statistics);
    }

    [Theory]
    [InlineData(EndReason.Completed)]
    [InlineData(EndReason.HandlerError)]
    [InlineData(EndReason.Idle)]
    [InlineData(EndReason.DrainTimeout)]
    public async Task What_hangs_on_Closed_may_throw(EndReason how)
    {
        TimeSpan idle = TimeSpan.FromSeconds(60);
        WatchedClock clock = new();
        await using RunningServer server = await StartAsync(
            async (connection, stop) =>
            {
                connection.Closed.Register(() => throw new InvalidOperationException("A registration fails."));
                await connection.WriteLineAsync("ready", stop);
                string? line = await connection.LineAsync();
                if (line == "fail")
                    throw new InvalidOperationException("As asked.");
                if (how == EndReason.Completed)
                    await connection.DisposeAsync();
            },
            new ServerOptions { IdleTimeout = idle, DrainTimeout = TimeSpan.FromSeconds(9) },
            clock: clock);
        Connection client = await server.ConnectAsync();
        Assert.Equal("ready", await client.LineAsync());
        switch (how)
        {
            case EndReason.Completed:
                await client.DisposeAsync();
                break;
            case EndReason.HandlerError:
                await client.WriteLineAsync("fail");
                break;
            case EndReason.Idle:
                clock.Advance(idle / 4);
                clock.Advance(idle);
                break;
            default:
                server.Stop();
                await clock.StartedAsync(TimeSpan.FromSeconds(9));
                clock.Advance(TimeSpan.FromSeconds(9));
                break;
        }

        // Disposing in the handler passes the failure on to it; everywhere else it is nobody's but OnError's.
        (EndReason reason, _) = await server.EndedAsync();
        Assert.Equal(how == EndReason.Completed ? EndReason.HandlerError : how, reason);
        await server.StopAsync();
        Assert.Equal(0, server.Statistics.Active);
        client.Abort();
    }

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets)]
    [InlineData(SocketError.NoBufferSpaceAvailable)]
    public async Task A_shortage_pauses_accepting(SocketError shortage)
    {
        WatchedClock clock = new();
        await using OfferedListener listener = new(clock);
        using CancellationTokenSource stop = new();
        int told = 0;
        Server server = new(listener, RunningServer.EchoAsync, new ServerOptions
        {
            AcceptBackoff = Backoff,
            OnAcceptError = (where, e) =>
            {
                Assert.Same(listener, where);
                Assert.Equal(shortage, Assert.IsType<SocketException>(e).SocketErrorCode);
                told++;
                throw new InvalidOperationException("The callback fails too.");
            },
        });
        Task run = server.RunAsync(stop.Token);
        listener.Fail(shortage);
        listener.Fail(shortage);
        await using Connection client = listener.Offer();
        Task<string?> answer = client.AskAsync("hello");

        await clock.StartedAsync(Backoff);
        clock.Advance(Backoff - TimeSpan.FromTicks(1));
        Assert.Equal(1, server.Statistics.AcceptErrors);
        clock.Advance(TimeSpan.FromTicks(1));
        await clock.StartedAsync(Backoff, count: 2);
        Assert.Equal(2, server.Statistics.AcceptErrors);
        Assert.False(answer.IsCompleted);
        clock.Advance(Backoff);
        Assert.Equal("hello", await answer);

        await client.DisposeAsync();
        await stop.CancelAsync();
        await run.Within();
        Assert.Equal(2, told);
        Assert.Equal(new ServerStatistics { Accepted = 1, AcceptErrors = 2, CallbackErrors = 2 }, server.Statistics);
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_the_pause()
    {
        WatchedClock clock = new();
        await using OfferedListener listener = new(clock);
        using CancellationTokenSource stop = new();
        Task run = Server.RunAsync(listener, RunningServer.EchoAsync, new ServerOptions { AcceptBackoff = Backoff }, stop.Token);
        listener.Fail(SocketError.TooManyOpenSockets);
        await clock.StartedAsync(Backoff);
        await stop.CancelAsync();
        await run.Within();
    }

    [Fact]
    public async Task A_listener_that_fails_for_good_stops_the_server_as_the_token_does()
    {
        await using OfferedListener failing = new();
        await using OfferedListener other = new();
        TaskCompletionSource stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Server server = new([failing, other], async (connection, stop) =>
        {
            using CancellationTokenRegistration registration = stop.Register(stopping.SetResult);
            await connection.WriteLineAsync("ready", CancellationToken.None);
            await connection.WriteLineAsync($"{await connection.LineAsync()}!", CancellationToken.None);
        });
        Task run = server.RunAsync();
        await using Connection client = other.Offer();
        Assert.Equal("ready", await client.LineAsync());
        failing.Fail(SocketError.InvalidArgument);
        await stopping.Task.Within();

        Assert.True(other.IsDisposed);
        Assert.False(run.IsCompleted);
        Assert.Equal("work!", await client.AskAsync("work"));
        await client.DisposeAsync();
        Assert.Equal(SocketError.InvalidArgument, (await Assert.ThrowsAsync<SocketException>(() => run.Within())).SocketErrorCode);
    }

    [Fact]
    public async Task A_listener_stopped_by_others_stops_the_server()
    {
        Network place = Networks.ServerOn(clock: null);
        Listener listener = await place.ListenAsync("tcp://127.0.0.1:0");
        Task run = Server.RunAsync(listener, RunningServer.EchoAsync);
        await using (Connection client = await place.ConnectAsync(listener.Address))
            await client.AskAsync("hello");
        await listener.DisposeAsync();
        await run.Within();
    }

    [Fact]
    public async Task A_listener_that_cannot_be_disposed_keeps_nobody_from_draining()
    {
        await using OfferedListener other = new();
        OfferedListener bad = new() { DisposeError = new InvalidOperationException("No.") };
        using CancellationTokenSource stop = new();
        Server server = new([bad, other], RunningServer.EchoAsync);
        Task run = server.RunAsync(stop.Token);
        await using Connection client = bad.Offer();
        await client.AskAsync("hello");
        await stop.CancelAsync();
        Assert.True(await client.EndsInOrderAsync());
        await client.DisposeAsync();
        await run.Within();
        Assert.True(other.IsDisposed);
        Assert.Equal(new ServerStatistics { Accepted = 1, CallbackErrors = 1 }, server.Statistics);
    }

    private static Task FailAsync(Connection connection, string how) => how switch
    {
        "synchronously" => throw new InvalidOperationException("At once."),
        "without a task" => NoTask,
        "cancelled by itself" => Task.FromCanceled(new CancellationToken(canceled: true)),
        _ => FailLaterAsync(connection),
    };

    private static async Task FailLaterAsync(Connection connection)
    {
        await connection.WriteLineAsync("a last word");
        await Task.Yield();
        throw new InvalidOperationException("Later.");
    }
}
