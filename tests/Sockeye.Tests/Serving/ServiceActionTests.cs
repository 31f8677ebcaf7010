namespace Sockeye.Tests.Serving;

public abstract class ServiceActionTests(ServingNetwork network) : ServingTests(network)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Runs_every_interval_and_an_error_of_it_ends_nothing()
    {
        WatchedClock clock = new();
        List<Exception> errors = [];
        int runs = 0;
        await using RunningServer server = await StartAsync(
            RunningServer.EchoAsync,
            new ServerOptions
            {
                ServiceInterval = Interval,
                ServiceAction = _ => ++runs % 2 == 1 ? throw new InvalidOperationException($"{runs}") : ValueTask.FromException(new InvalidOperationException($"{runs}")),
                OnError = errors.Add,
            },
            clock: clock);

        for (int expected = 0; expected < 4; expected++)
        {
            clock.Advance(Interval - TimeSpan.FromTicks(1));
            Assert.Equal(expected, runs);
            clock.Advance(TimeSpan.FromTicks(1));
        }

        await using Connection client = await server.ConnectAsync();
        Assert.Equal("hello", await client.AskAsync("hello"));
        Assert.Equal(["1", "2", "3", "4"], errors.Select(e => e.Message));
        Assert.Equal(4, server.Statistics.CallbackErrors);
    }

    [Fact]
    public async Task Runs_one_at_a_time()
    {
        WatchedClock clock = new();
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int runs = 0;
        await using RunningServer server = await StartAsync(
            RunningServer.EchoAsync,
            new ServerOptions
            {
                ServiceInterval = Interval,
                ServiceAction = async _ =>
                {
                    if (++runs == 1)
                        await first.Task;
                    else
                        second.TrySetResult();
                },
            },
            clock: clock);
        clock.Advance(Interval * 3);
        Assert.Equal(1, runs);
        first.SetResult();

        // The intervals that passed meanwhile are one run, not two.
        await second.Task.Within();
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Stopping_ends_it_by_its_token_and_waits_for_it()
    {
        WatchedClock clock = new();
        TaskCompletionSource last = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningServer server = await StartAsync(
            RunningServer.EchoAsync,
            new ServerOptions
            {
                ServiceInterval = Interval,
                ServiceAction = async stop =>
                {
                    await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    stopped.SetResult();
                    await last.Task;
                    stop.ThrowIfCancellationRequested();
                },
            },
            clock: clock);
        clock.Advance(Interval);
        server.Stop();
        await stopped.Task.Within();
        Assert.False(server.Run.IsCompleted);
        last.SetResult();
        await server.Run.Within();
        Assert.Equal(0, server.Statistics.CallbackErrors);
    }

    [Fact]
    public async Task An_error_while_stopping_is_told_and_not_thrown()
    {
        WatchedClock clock = new();
        await using RunningServer server = await StartAsync(
            RunningServer.EchoAsync,
            new ServerOptions
            {
                ServiceInterval = Interval,
                ServiceAction = async stop =>
                {
                    await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    throw new InvalidOperationException("On the way out.");
                },
            },
            clock: clock);
        clock.Advance(Interval);
        await server.StopAsync();
        Assert.Equal(1, server.Statistics.CallbackErrors);
    }
}
