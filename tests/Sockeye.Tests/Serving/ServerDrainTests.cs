using Sockeye.Tests.Time;

namespace Sockeye.Tests.Serving;

public abstract class ServerDrainTests(ServingNetwork network) : ServingTests(network)
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(7);

    [Fact]
    public async Task Stopping_ends_reading_without_an_exception_and_in_order()
    {
        TaskCompletionSource<string> left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningServer server = await StartAsync(async (connection, stop) =>
        {
            await RunningServer.EchoAsync(connection, stop);
            await connection.WriteLineAsync("goodbye", CancellationToken.None);
            left.SetResult("the loop");
        });
        await using Connection client = await server.ConnectAsync();
        await client.AskAsync("hello");
        server.Stop();

        Assert.Equal("goodbye", await client.LineAsync());
        Assert.True(await client.EndsInOrderAsync());
        Assert.Equal("the loop", await left.Task.Within());
        await client.DisposeAsync();
        await server.Run.Within();
        Assert.Equal((EndReason.Completed, null), await server.EndedAsync());
        Assert.Equal(new ServerStatistics { Accepted = 1 }, server.Statistics);
    }

    [Fact]
    public async Task A_handler_that_lets_the_token_throw_has_completed()
    {
        TaskCompletionSource serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningServer server = await StartAsync(
            (_, stop) => Task.Delay(Timeout.Infinite, stop), new ServerOptions { OnServing = _ => serving.SetResult() });
        await using Connection client = await server.ConnectAsync();
        await serving.Task.Within();
        server.Stop();
        Assert.True(await client.EndsInOrderAsync());
        await client.DisposeAsync();
        await server.Run.Within();
        Assert.Equal((EndReason.Completed, null), await server.EndedAsync());
    }

    public enum Layers
    {
        None,
        Tls,
        Opaque,
    }

    /// <summary>A read of the server's own connection with the server's own token does not register for it; through others it may.</summary>
    [Theory]
    [InlineData(Layers.None)]
    [InlineData(Layers.Tls)]
    [InlineData(Layers.Opaque)]
    public async Task The_token_ends_a_read_that_waits_whatever_is_around_the_connection(Layers layers)
    {
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned(timeProvider: new ManualTimeProvider());
        Network home = Networks.ServerOn(clock: null);
        Listener listener = layers == Layers.Tls
            ? await home.ListenAsync("tls://127.0.0.1:0", new ListenerOptions { Tls = new TlsServerOptions { Certificate = certificate } })
            : await home.ListenAsync("tcp://127.0.0.1:0");
        if (layers == Layers.Opaque)
            listener = new WrappingListener(listener, connection => new OpaqueConnection(connection));
        TaskCompletionSource reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningServer server = new(
            listener,
            async (connection, stop) =>
            {
                Task read = connection.Input.ReadAsync(stop).AsTask();
                reading.SetResult();
                Assert.Equal(stop, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read)).CancellationToken);
                stop.ThrowIfCancellationRequested();
            },
            new ServerOptions { DrainTimeout = Timeout.InfiniteTimeSpan });
        await using Connection client = await Networks.ClientOf(home).ConnectAsync(
            listener.Address, new ConnectorOptions { Tls = new TlsClientOptions { Pins = [certificate.Fingerprint] }, LingerTimeout = TimeSpan.Zero }).Within();
        await reading.Task.Within();
        server.Stop();

        Assert.True(await client.EndsInOrderAsync());
        await client.DisposeAsync();
        await server.Run.Within();
        Assert.Equal((EndReason.Completed, null), await server.EndedAsync());
    }

    [Fact]
    public async Task Stopping_misses_no_connection_that_begins_at_that_moment()
    {
        for (int round = 0; round < 20; round++)
        {
            await using RunningServer server = await StartAsync(
                async (connection, stop) => await connection.Input.ReadAsync(stop), new ServerOptions { DrainTimeout = Timeout.InfiniteTimeSpan });
            Task[] clients = [.. Enumerable.Range(0, 8).Select(_ => BeServedAsync(server))];
            server.Stop();
            await Task.WhenAll(clients).Within();
            await server.Run.Within();
        }

        static async Task BeServedAsync(RunningServer server)
        {
            await Task.Yield();
            try
            {
                await using Connection client = await server.ConnectAsync();
                await client.EndsInOrderAsync();
            }
            catch (System.Net.Sockets.SocketException)
            {
                // It came too late.
            }
        }
    }

    [Fact]
    public async Task Draining_accepts_no_more_and_lets_the_work_be_done()
    {
        TaskCompletionSource stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningServer server = await StartAsync(async (connection, stop) =>
        {
            await connection.WriteLineAsync("begun", CancellationToken.None);
            using CancellationTokenRegistration registration = stop.Register(stopping.SetResult);
            await done.Task;
            await connection.WriteLineAsync("done", CancellationToken.None);
        });
        await using Connection client = await server.ConnectAsync();
        Assert.Equal("begun", await client.LineAsync());
        server.Stop();
        await stopping.Task.Within();

        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(server.ConnectAsync);
        Assert.False(server.Run.IsCompleted);
        done.SetResult();
        Assert.Equal("done", await client.LineAsync());
        Assert.True(await client.EndsInOrderAsync());
    }

    [Fact]
    public async Task At_the_deadline_the_rest_is_aborted()
    {
        WatchedClock clock = new();
        await using RunningServer server = await StartAsync(
            async (connection, _) => await connection.AskAsync("ready"), new ServerOptions { DrainTimeout = Drain }, clock: clock);
        await using Connection client = await server.ConnectAsync();
        Assert.Equal("ready", await client.LineAsync());
        server.Stop();
        await clock.StartedAsync(Drain);
        clock.Advance(Drain - TimeSpan.FromTicks(1));
        Assert.Equal(1, server.Statistics.Active);
        clock.Advance(TimeSpan.FromTicks(1));

        Assert.False(await client.EndsInOrderAsync());
        await server.Run.Within();
        (EndReason reason, Exception? error) = await server.EndedAsync();
        Assert.Equal(EndReason.DrainTimeout, reason);
        Assert.IsType<TimeoutException>(error);
        Assert.Equal(new ServerStatistics { Accepted = 1, DrainTimeouts = 1 }, server.Statistics);
    }

    [Fact]
    public async Task A_handler_that_ignores_all_is_waited_for()
    {
        WatchedClock clock = new();
        TaskCompletionSource serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningServer server = await StartAsync(
            (_, _) => go.Task, new ServerOptions { DrainTimeout = Drain, OnServing = _ => serving.SetResult() }, clock: clock);
        await using Connection client = await server.ConnectAsync();
        await serving.Task.Within();
        server.Stop();
        await clock.StartedAsync(Drain);
        clock.Advance(Drain);

        Assert.False(await client.EndsInOrderAsync());
        Assert.False(server.Run.IsCompleted);
        go.SetResult();
        await server.Run.Within();
        Assert.Equal((EndReason.DrainTimeout, null), await server.EndedAsync());
    }

    [Fact]
    public async Task Without_a_drain_time_connections_are_aborted_at_once()
    {
        TaskCompletionSource serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningServer server = await StartAsync(
            async (connection, _) => await connection.LineAsync(),
            new ServerOptions { DrainTimeout = TimeSpan.Zero, OnServing = _ => serving.SetResult() },
            clock: new WatchedClock());
        await using Connection client = await server.ConnectAsync();
        await serving.Task.Within();
        await server.StopAsync();
        Assert.Equal(1, server.Statistics.DrainTimeouts);
    }

    [Fact]
    public async Task With_an_endless_drain_time_handlers_have_for_ever()
    {
        WatchedClock clock = new();
        TaskCompletionSource stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningServer server = await StartAsync(
            async (connection, stop) =>
            {
                using CancellationTokenRegistration registration = stop.Register(stopping.SetResult);
                await connection.WriteLineAsync("begun", CancellationToken.None);
                Assert.Equal("go", await connection.LineAsync());
            },
            new ServerOptions { DrainTimeout = Timeout.InfiniteTimeSpan },
            clock: clock);
        await using Connection client = await server.ConnectAsync();
        await client.LineAsync();
        server.Stop();
        await stopping.Task.Within();
        clock.Advance(TimeSpan.FromDays(100));
        Assert.False(server.Run.IsCompleted);
        await client.WriteLineAsync("go");
        Assert.True(await client.EndsInOrderAsync());
        await client.DisposeAsync();
        await server.Run.Within();
        Assert.Equal((EndReason.Completed, null), await server.EndedAsync());
    }

    [Fact]
    public async Task What_handlers_hung_on_the_token_may_throw_or_take_its_time()
    {
        WatchedClock clock = new();
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningServer server = await StartAsync(
            async (connection, stop) =>
            {
                stop.Register(() => throw new InvalidOperationException("A registration fails."));
                stop.Register(() => release.Task.Wait());
                await connection.WriteLineAsync("ready", CancellationToken.None);
                await connection.LineAsync();
            },
            new ServerOptions { DrainTimeout = Drain },
            clock: clock);
        await using Connection client = await server.ConnectAsync();
        await client.LineAsync();
        server.Stop();

        // The deadline comes although a registration blocks.
        await clock.StartedAsync(Drain);
        clock.Advance(Drain);
        Assert.False(await client.EndsInOrderAsync());
        release.SetResult();
        await server.Run.Within();
        Assert.Equal(new ServerStatistics { Accepted = 1, DrainTimeouts = 1, CallbackErrors = 1 }, server.Statistics);
    }

    [Fact]
    public async Task The_end_is_told_before_the_server_has_ended()
    {
        WatchedClock clock = new();
        TaskCompletionSource telling = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningServer server = await StartAsync(
            RunningServer.EchoAsync,
            new ServerOptions
            {
                DrainTimeout = Drain,
                OnEnded = (_, _, _) =>
                {
                    telling.SetResult();
                    told.Task.Wait();
                },
            },
            clock: clock);
        Connection client = await server.ConnectAsync();
        await client.AskAsync("hello");
        await client.DisposeAsync();
        await telling.Task.Within();
        Assert.Equal(0, server.Statistics.Active);
        server.Stop();

        // It waits, and it is no connection it waits for.
        await clock.StartedAsync(Drain);
        Assert.False(server.Run.IsCompleted);
        told.SetResult();
        await server.Run.Within();
    }
}
