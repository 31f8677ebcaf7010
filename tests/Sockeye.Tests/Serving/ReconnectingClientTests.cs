using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading.Channels;

namespace Sockeye.Tests.Serving;

/// <summary>Over a network in memory, on a clock that stands until it is moved; every wait is the longest it can be.</summary>
public sealed class ReconnectingClientTests : IAsyncDisposable
{
    private const string Server = "tcp://127.0.0.1:80";
    private static readonly IPEndPoint ServerEndPoint = new(IPAddress.Loopback, 80);

    private readonly WatchedClock _clock = new();
    private readonly MemoryNetwork _network;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<(TimeSpan Wait, int Failures, Exception? Error)> _waits = Channel.CreateUnbounded<(TimeSpan, int, Exception?)>();
    private readonly Channel<Exception?> _lost = Channel.CreateUnbounded<Exception?>();
    private readonly Channel<Connection> _served = Channel.CreateUnbounded<Connection>();
    private readonly Dictionary<TimeSpan, int> _begun = [];

    public ReconnectingClientTests() => _network = new MemoryNetwork(_clock);

    private ReconnectingOptions Options => new()
    {
        BackoffMin = TimeSpan.FromMilliseconds(100),
        BackoffMax = TimeSpan.FromMilliseconds(1000),
        GoodAfter = TimeSpan.FromSeconds(5),
        Random = new EdgeRandom(least: false),
        Connecting = new ConnectorOptions { LingerTimeout = TimeSpan.Zero },
        OnWaiting = (wait, failures, error) => _waits.Writer.TryWrite((wait, failures, error)),
        OnLost = error => _lost.Writer.TryWrite(error),
    };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _network.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task It_waits_longer_with_every_failure_up_to_the_cap_and_connects_when_it_can()
    {
        Task running = RunAsync(Options, HearToEndAsync);

        foreach ((int milliseconds, int failures) in new[] { (100, 1), (200, 2), (400, 3), (800, 4), (1000, 5), (1000, 6) })
        {
            (TimeSpan wait, int count, Exception? error) = await NextWaitAsync();
            Assert.Equal((milliseconds, failures), ((int)wait.TotalMilliseconds, count));
            Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(error).SocketErrorCode);
            _clock.Advance(wait - TimeSpan.FromTicks(1));
            Assert.False(_waits.Reader.TryPeek(out _));
            if (failures < 6)
                _clock.Advance(TimeSpan.FromTicks(1));
        }

        await using Listener listener = await _network.ListenAsync(Server);
        _clock.Advance(TimeSpan.FromTicks(1));
        await using Connection accepted = (await listener.AcceptAsync().AsTask().Within())!;
        await StopAsync(running);
    }

    [Fact]
    public async Task Each_connection_is_subscribed_again_before_its_handler()
    {
        await using Listener listener = await _network.ListenAsync(Server);
        List<string> order = [];
        Task running = RunAsync(
            Options with
            {
                OnConnected = async (connection, stop) =>
                {
                    order.Add("hook");
                    await connection.WriteLineAsync("subscribe", stop);
                },
            },
            (connection, stop) =>
            {
                order.Add("handler");
                return HearToEndAsync(connection, stop);
            });

        for (int i = 0; i < 3; i++)
        {
            Connection accepted = (await listener.AcceptAsync().AsTask().Within())!;
            Assert.Equal("subscribe", await accepted.LineAsync());
            accepted.Abort();
            Assert.IsType<SocketException>(await _lost.Reader.ReadAsync().Within());
            await PassAsync();
        }

        Assert.Equal(["hook", "handler", "hook", "handler"], order[..4]);
        await StopAsync(running);
    }

    [Fact]
    public async Task A_server_that_closes_at_once_is_no_better_than_one_that_refuses()
    {
        await using Listener listener = await _network.ListenAsync(Server);
        Task running = RunAsync(Options, HearToEndAsync);
        List<int> waits = [];
        for (int i = 0; i < 5; i++)
        {
            await (await listener.AcceptAsync().AsTask().Within())!.DisposeAsync();
            Assert.Null(await _lost.Reader.ReadAsync().Within());
            waits.Add((int)(await PassAsync()).TotalMilliseconds);
        }

        Assert.Equal([100, 200, 400, 800, 1000], waits);
        await StopAsync(running);
    }

    [Theory]
    [InlineData(4999, 400)]
    [InlineData(5000, 100)]
    public async Task A_connection_that_lasted_makes_the_waits_begin_anew(int milliseconds, int wait)
    {
        Task running = RunAsync(Options, HearToEndAsync);
        await PassAsync();
        (TimeSpan second, _, _) = await NextWaitAsync();
        await using Listener listener = await _network.ListenAsync(Server);
        _clock.Advance(second);
        Connection accepted = (await listener.AcceptAsync().AsTask().Within())!;
        await _served.Reader.ReadAsync().Within();

        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        await accepted.DisposeAsync();

        Assert.Equal(wait, (await NextWaitAsync()).Wait.TotalMilliseconds);
        await StopAsync(running);
    }

    [Fact]
    public async Task A_hook_that_fails_is_a_failed_attempt()
    {
        await using Listener listener = await _network.ListenAsync(Server);
        IOException refused = new("The login was refused.");
        bool served = false;
        Task running = RunAsync(
            Options with { OnConnected = (_, _) => throw refused },
            (_, _) =>
            {
                served = true;
                return Task.CompletedTask;
            });

        for (int failures = 1; failures <= 3; failures++)
        {
            Assert.False(await (await listener.AcceptAsync().AsTask().Within())!.EndsInOrderAsync());
            (TimeSpan wait, int count, Exception? error) = await NextWaitAsync();
            Assert.Equal((failures, refused), (count, error));
            _clock.Advance(wait);
        }

        await StopAsync(running);
        Assert.False(served);
        Assert.False(_lost.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task A_handler_that_fails_resets_its_connection_and_the_next_is_made()
    {
        await using Listener listener = await _network.ListenAsync(Server);
        Task running = RunAsync(Options, (_, _) => throw new ProtocolException("What is this?"));

        Assert.False(await (await listener.AcceptAsync().AsTask().Within())!.EndsInOrderAsync());
        Assert.IsType<ProtocolException>(await _lost.Reader.ReadAsync().Within());
        await PassAsync();
        Assert.NotNull(await listener.AcceptAsync().AsTask().Within());
        await StopAsync(running);
    }

    [Fact]
    public async Task It_gives_up_when_it_would_have_to_wait_for_too_long()
    {
        Task running = RunAsync(Options with { GiveUpAfter = TimeSpan.FromMilliseconds(701) }, HearToEndAsync);
        for (int i = 0; i < 3; i++)
            await PassAsync();

        // After 100, 200 and 400 ms there is 1 ms left, and 800 ms would follow.
        SocketTimeoutException e = await Assert.ThrowsAsync<SocketTimeoutException>(() => running.Within());

        Assert.StartsWith("gave up on tcp://127.0.0.1:80 after 4 attempts, with no good connection for 0:00:00.701; the last time: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("refused", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_gives_up_on_a_connect_that_nobody_answers()
    {
        TimeSpan giveUp = TimeSpan.FromSeconds(20);
        await using Listener listener = await _network.ListenAsync(Server);
        using IDisposable silence = _network.Conditions.Drop(ServerEndPoint);
        Task running = RunAsync(Options with { GiveUpAfter = giveUp }, HearToEndAsync);
        await _clock.StartedAsync(giveUp);

        _clock.Advance(giveUp - TimeSpan.FromTicks(1));
        Assert.False(running.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));

        await Assert.ThrowsAsync<SocketTimeoutException>(() => running.Within());
    }

    [Fact]
    public async Task It_gives_up_on_a_hook_that_the_server_keeps_waiting()
    {
        TimeSpan giveUp = TimeSpan.FromSeconds(20);
        await using Listener listener = await _network.ListenAsync(Server);
        Task running = RunAsync(
            Options with { GiveUpAfter = giveUp, OnConnected = async (connection, stop) => await connection.Input.ReadAsync(stop) }, HearToEndAsync);
        await listener.AcceptAsync().AsTask().Within();

        _clock.Advance(giveUp);

        await Assert.ThrowsAsync<SocketTimeoutException>(() => running.Within());
    }

    [Fact]
    public async Task A_good_connection_makes_the_time_to_give_up_begin_anew()
    {
        await using Listener listener = await _network.ListenAsync(Server);
        Task running = RunAsync(Options with { GiveUpAfter = TimeSpan.FromSeconds(6) }, HearToEndAsync);
        for (int i = 0; i < 3; i++)
        {
            Connection accepted = (await listener.AcceptAsync().AsTask().Within())!;
            await _served.Reader.ReadAsync().Within();
            _clock.Advance(TimeSpan.FromSeconds(60));
            await accepted.DisposeAsync();
            Assert.Equal(100, (await PassAsync()).TotalMilliseconds);
        }

        await StopAsync(running);
    }

    [Theory]
    [InlineData("http://127.0.0.1:80", typeof(NotSupportedException))]
    [InlineData("udp://127.0.0.1:80", typeof(NotSupportedException))]
    public async Task What_no_attempt_can_mend_ends_it_at_once(string address, Type error)
    {
        ReconnectingClient client = new(_network, address, Options);

        Assert.IsType(error, await Record.ExceptionAsync(() => client.RunAsync(HearToEndAsync, _stop.Token).Within()));
        Assert.False(_waits.Reader.TryPeek(out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fault_or_a_refused_certificate_ends_it(bool inHook)
    {
        await using Listener listener = await _network.ListenAsync(Server);
        AuthenticationException error = new("The certificate is for another name.");
        Task running = inHook
            ? RunAsync(Options with { OnConnected = (_, _) => throw error }, HearToEndAsync)
            : RunAsync(Options, (_, _) => throw error);

        Assert.Same(error, await Record.ExceptionAsync(() => running.Within()));
        Assert.False(await (await listener.AcceptAsync().AsTask().Within())!.EndsInOrderAsync());
    }

    [Fact]
    public async Task What_is_final_can_be_said_otherwise()
    {
        Task running = RunAsync(Options with { IsFinal = error => error is SocketException { SocketErrorCode: SocketError.ConnectionRefused } }, HearToEndAsync);

        await Assert.ThrowsAsync<SocketException>(() => running.Within());
    }

    [Fact]
    public async Task Stopping_ends_it_before_it_began()
    {
        await _stop.CancelAsync();
        await RunAsync(Options, HearToEndAsync).Within();
        Assert.False(_waits.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task Stopping_ends_connecting()
    {
        await using Listener listener = await _network.ListenAsync(Server);
        using IDisposable silence = _network.Conditions.Drop(ServerEndPoint);
        Task running = RunAsync(Options, HearToEndAsync);
        Assert.False(running.IsCompleted);
        await StopAsync(running);
        Assert.False(_waits.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task Stopping_ends_waiting()
    {
        Task running = RunAsync(Options, HearToEndAsync);
        await NextWaitAsync();
        await StopAsync(running);
    }

    [Fact]
    public async Task Stopping_ends_the_hook()
    {
        await using Listener listener = await _network.ListenAsync(Server);
        Task running = RunAsync(Options with { OnConnected = async (connection, stop) => await connection.Input.ReadAsync(stop) }, HearToEndAsync);
        await listener.AcceptAsync().AsTask().Within();
        await StopAsync(running);
        Assert.False(_lost.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task Stopping_ends_when_the_handler_has_returned()
    {
        await using Listener listener = await _network.ListenAsync(Server);
        TaskCompletionSource returns = new();
        Task running = RunAsync(Options, (_, _) => returns.Task);
        Connection accepted = (await listener.AcceptAsync().AsTask().Within())!;

        await _stop.CancelAsync();
        Assert.False(running.IsCompleted);
        returns.SetResult();
        await running.Within();

        Assert.True(await accepted.EndsInOrderAsync());
        Assert.Null(await _lost.Reader.ReadAsync().Within());
    }

    [Fact]
    public async Task It_runs_once_at_a_time_and_again_after()
    {
        ReconnectingClient client = new(_network, Server, Options);
        using CancellationTokenSource first = new();
        Task running = client.RunAsync(HearToEndAsync, first.Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.RunAsync(HearToEndAsync, _stop.Token));
        await first.CancelAsync();
        await running.Within();

        await StopAsync(client.RunAsync(HearToEndAsync, _stop.Token));
    }

    [Fact]
    public void Times_have_bounds()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(Options with { BackoffMin = TimeSpan.Zero }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(Options with { BackoffMax = Options.BackoffMin - TimeSpan.FromTicks(1) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(Options with { BackoffMax = TimeSpan.FromDays(25) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(Options with { GoodAfter = TimeSpan.FromTicks(-1) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(Options with { GiveUpAfter = TimeSpan.Zero }));
        Make(Options with { BackoffMin = Options.BackoffMax, GoodAfter = TimeSpan.Zero });
    }

    private async Task HearToEndAsync(Connection connection, CancellationToken stop)
    {
        _served.Writer.TryWrite(connection);
        while (!(await connection.Input.ReadAsync(stop)).IsCompleted)
            connection.Input.AdvanceTo(default);
    }

    private void Make(ReconnectingOptions options) => _ = new ReconnectingClient(_network, Server, options);

    private Task RunAsync(ReconnectingOptions options, Handler handler) => new ReconnectingClient(_network, Server, options).RunAsync(handler, _stop.Token);

    private async Task StopAsync(Task running)
    {
        await _stop.CancelAsync();
        await running.Within();
    }

    /// <summary>The next wait, when its timer runs.</summary>
    private async Task<(TimeSpan Wait, int Failures, Exception? Error)> NextWaitAsync()
    {
        (TimeSpan Wait, int Failures, Exception? Error) next = await _waits.Reader.ReadAsync().Within();
        _begun[next.Wait] = _begun.GetValueOrDefault(next.Wait) + 1;
        await _clock.StartedAsync(next.Wait, _begun[next.Wait]);
        return next;
    }

    /// <summary>Lets the next wait pass.</summary>
    private async Task<TimeSpan> PassAsync()
    {
        (TimeSpan wait, _, _) = await NextWaitAsync();
        _clock.Advance(wait);
        return wait;
    }
}
