using System.Net.Sockets;
using System.Text;

namespace Sockeye.Tests.Serving;

public abstract class ServerTests(ServingNetwork network) : ServingTests(network)
{
    [Theory]
    [InlineData("tcp://127.0.0.1:0")]
    [InlineData("tcp://localhost:0")]
    [InlineData("unix")]
    public async Task Serves_many_at_a_time(string address)
    {
        const int Clients = 20;
        using TemporaryFolder folder = new();
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int arrived = 0;
        await using RunningServer server = await StartAsync(
            async (connection, stop) =>
            {
                // None is answered before all are there: one after the other would never end.
                string? line = await connection.LineAsync();
                if (Interlocked.Increment(ref arrived) == Clients)
                    all.SetResult();
                await all.Task.Within();
                await connection.WriteLineAsync($"{line}!", stop);
            },
            address: address == "unix" ? $"unix://{Networks.PathIn(folder.Path)}" : address);

        string?[] answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async i =>
        {
            await using Connection client = await server.ConnectAsync();
            string? answer = await client.AskAsync($"{i}");
            Assert.True(await client.EndsInOrderAsync());
            return answer;
        }));

        Assert.Equal(Enumerable.Range(0, Clients).Select(i => $"{i}!"), answers);
        await server.StopAsync();
        Assert.Equal(new ServerStatistics { Accepted = Clients }, server.Statistics);
    }

    [Fact]
    public async Task Several_listeners_share_a_server()
    {
        Network place = Networks.ServerOn(clock: null);
        using CancellationTokenSource stop = new();
        Listener[] listeners = [await place.ListenAsync("tcp://127.0.0.1:0"), await place.ListenAsync("tcp://127.0.0.1:0")];
        Server server = new(listeners, RunningServer.EchoAsync);
        Task run = server.RunAsync(stop.Token);

        foreach (Listener listener in listeners)
        {
            await using Connection client = await place.ConnectAsync(listener.Address);
            Assert.Equal("hello", await client.AskAsync("hello"));
        }

        await stop.CancelAsync();
        await run.Within();
        Assert.Equal(2, server.Statistics.Accepted);
        foreach (Listener listener in listeners)
            Assert.Null(await listener.AcceptAsync().Within());
    }

    [Fact]
    public async Task A_busy_listener_does_not_keep_the_caller_or_the_others()
    {
        using CancellationTokenSource stop = new();
        TaskCompletionSource served = new(TaskCreationOptions.RunContinuationsAsynchronously);
        BusyListener busy = new();
        OfferedListener other = new();
        Connection client = other.Offer();
        Server server = new([busy, other], (connection, _) =>
        {
            if (connection.Socket is not null)
                served.TrySetResult();
            return Task.CompletedTask;
        }, new ServerOptions { ConnectionLimit = 10_000_000 });

        Task run = server.RunAsync(stop.Token);
        await served.Task.Within();
        await stop.CancelAsync();
        await run.Within();
        client.Abort();
    }

    [Fact]
    public async Task Half_close_reaches_the_handler_and_the_answer_the_peer()
    {
        await using RunningServer server = await StartAsync(async (connection, stop) =>
        {
            int bytes = 0;
            while (true)
            {
                System.IO.Pipelines.ReadResult result = await connection.Input.ReadAsync(stop);
                bytes += (int)result.Buffer.Length;
                connection.Input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    break;
            }

            await connection.WriteLineAsync($"{bytes}", stop);
        });
        await using Connection client = await server.ConnectAsync();
        await client.WriteAsync(Encoding.UTF8.GetBytes("12345"));
        await client.Output.CompleteAsync();

        Assert.Equal("5", await client.LineAsync());
        Assert.True(await client.EndsInOrderAsync());
    }

    [Fact]
    public async Task Callbacks_know_the_peer_before_and_after()
    {
        List<string?> told = [];
        await using RunningServer server = await StartAsync(RunningServer.EchoAsync, new ServerOptions
        {
            OnServing = connection => told.Add($"serving {connection.RemoteEndPoint}"),
            OnEnded = (connection, reason, _) => told.Add($"{reason} {connection.RemoteEndPoint}"),
        });
        Connection client = await server.ConnectAsync();
        await client.AskAsync("hello");
        string? name = client.LocalEndPoint?.ToString();
        await client.DisposeAsync();
        await server.StopAsync();

        Assert.Equal([$"serving {name}", $"Completed {name}"], told);
    }

    [Fact]
    public async Task A_server_runs_once()
    {
        await using RunningServer server = await StartAsync(RunningServer.EchoAsync);
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.Server.RunAsync(CancellationToken.None));
        await using Connection client = await server.ConnectAsync();
        Assert.Equal("on", await client.AskAsync("on"));
    }

    [Fact]
    public async Task Stopped_before_it_began_it_only_closes()
    {
        Network place = Networks.ServerOn(clock: null);
        Listener listener = await place.ListenAsync("tcp://127.0.0.1:0");
        await Server.RunAsync(listener, RunningServer.EchoAsync, new CancellationToken(canceled: true)).Within();
        await Assert.ThrowsAsync<SocketException>(async () => await place.ConnectAsync(listener.Address));
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        Refused("ConnectionLimit", new ServerOptions { ConnectionLimit = 0 });
        Refused("perAddress", new ServerOptions { ConnectionLimitPerAddress = 0 });
        Refused("idle", new ServerOptions { IdleTimeout = TimeSpan.Zero });
        Refused("idle", new ServerOptions { IdleTimeout = TimeSpan.FromTicks(1) });
        Refused("idle", new ServerOptions { IdleTimeout = TimeSpan.MaxValue });
        Refused("DrainTimeout", new ServerOptions { DrainTimeout = TimeSpan.FromSeconds(-1) });
        Refused("DrainTimeout", new ServerOptions { DrainTimeout = TimeSpan.MaxValue });
        Refused("ServiceInterval", new ServerOptions { ServiceInterval = TimeSpan.FromTicks(1) });
        Refused("ServiceInterval", new ServerOptions { ServiceInterval = TimeSpan.MaxValue });
        Refused("AcceptBackoff", new ServerOptions { AcceptBackoff = TimeSpan.FromTicks(1) });
        Refused("AcceptBackoff", new ServerOptions { AcceptBackoff = TimeSpan.MaxValue });
        Assert.Throws<ArgumentException>(() => new Server([], RunningServer.EchoAsync));

        static void Refused(string name, ServerOptions options) =>
            Assert.Contains(name, Assert.Throws<ArgumentOutOfRangeException>(() => new Server(new OfferedListener(), RunningServer.EchoAsync, options)).ParamName);
    }
}
