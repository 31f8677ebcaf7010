using System.IO.Pipelines;

namespace Sockeye.Tests.Serving;

public abstract class MiddlewareTests(ServingNetwork network) : ServingTests(network)
{
    [Fact]
    public async Task The_first_is_the_outermost()
    {
        List<string> order = [];
        Middleware Named(string name) => next => async (connection, stop) =>
        {
            order.Add($"{name} in");
            await next(connection, stop);
            order.Add($"{name} out");
        };
        await using RunningServer server = await StartAsync(
            (_, _) =>
            {
                order.Add("handler");
                return Task.CompletedTask;
            },
            new ServerOptions { Middleware = [Named("first"), Named("second")] });
        await using (Connection client = await server.ConnectAsync())
            Assert.True(await client.EndsInOrderAsync());
        await server.StopAsync();

        Assert.Equal(["first in", "second in", "handler", "second out", "first out"], order);
    }

    [Fact]
    public async Task One_may_answer_for_the_handler()
    {
        bool handled = false;
        await using RunningServer server = await StartAsync(
            (_, _) =>
            {
                handled = true;
                return Task.CompletedTask;
            },
            new ServerOptions { Middleware = [_ => async (connection, stop) => await connection.WriteLineAsync("closed today", stop)] });
        await using Connection client = await server.ConnectAsync();
        Assert.Equal("closed today", await client.LineAsync());
        Assert.True(await client.EndsInOrderAsync());
        Assert.False(handled);
    }

    [Fact]
    public async Task One_may_wrap_the_connection()
    {
        await using RunningServer server = await StartAsync(RunningServer.EchoAsync, new ServerOptions { Middleware = [Shouting] });
        await using Connection client = await server.ConnectAsync();
        Assert.Equal("HELLO", await client.AskAsync("hello"));
    }

    [Fact]
    public async Task An_error_of_one_is_the_connections_error()
    {
        await using RunningServer server = await StartAsync(
            RunningServer.EchoAsync,
            new ServerOptions
            {
                Middleware =
                [
                    next => async (connection, stop) =>
                    {
                        if (await connection.LineAsync() == "fail")
                            throw new InvalidOperationException("The middleware fails.");
                        await next(connection, stop);
                    },
                ],
            });
        await using Connection client = await server.ConnectAsync();
        await client.WriteLineAsync("fail");
        Assert.False(await client.EndsInOrderAsync());
        Assert.Equal(EndReason.HandlerError, (await server.EndedAsync()).Reason);
    }

    [Fact]
    public async Task A_wrapped_connection_is_aborted_and_counted_below_the_wrapping()
    {
        TimeSpan idle = TimeSpan.FromSeconds(20);
        WatchedClock clock = new();
        await using RunningServer server = await StartAsync(
            RunningServer.EchoAsync, new ServerOptions { IdleTimeout = idle, Middleware = [Shouting] }, clock: clock);
        await using Connection client = await server.ConnectAsync();
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal("AWAKE", await client.AskAsync("awake"));
            clock.Advance(idle / 4);
        }

        clock.Advance(idle);
        Assert.False(await client.EndsInOrderAsync());
        Assert.Equal(EndReason.Idle, (await server.EndedAsync()).Reason);
    }

    private static Handler Shouting(Handler next) => async (connection, stop) =>
    {
        await using UpperCaseConnection shouting = new(connection);
        await next(shouting, stop);
    };

    /// <summary>Changes what is sent: enough of a pipe to show the way.</summary>
    private sealed class UpperCaseConnection(Connection inner) : DelegatingConnection(inner)
    {
        private readonly PipeWriter _output = new UpperCaseWriter(inner.Output);

        public override PipeWriter Output => _output;
    }

    private sealed class UpperCaseWriter(PipeWriter inner) : PipeWriter
    {
        private Memory<byte> _memory;

        public override void Advance(int bytes)
        {
            System.Text.Ascii.ToUpperInPlace(_memory.Span[..bytes], out _);
            inner.Advance(bytes);
        }

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override Memory<byte> GetMemory(int sizeHint = 0) => _memory = inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
