using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Serving;

public abstract class ServerLimitTests(ServingNetwork network) : ServingTests(network)
{
    [Fact]
    public async Task One_more_than_the_limit_is_closed_at_once_and_a_free_slot_is_used_again()
    {
        ConcurrentQueue<RefusalReason> refused = [];
        await using RunningServer server = await StartAsync(RunningServer.EchoAsync, new ServerOptions
        {
            ConnectionLimit = 2,
            OnRefused = (connection, reason) =>
            {
                Assert.NotNull(connection.RemoteEndPoint);
                refused.Enqueue(reason);
            },
        });
        Connection first = await server.ConnectAsync();
        await using Connection second = await server.ConnectAsync();
        Assert.Equal("1", await first.AskAsync("1"));
        Assert.Equal("2", await second.AskAsync("2"));

        await using Connection third = await server.ConnectAsync();
        Assert.True(await third.EndsInOrderAsync());
        Assert.Equal(new ServerStatistics { Active = 2, Accepted = 3, RefusedByLimit = 1 }, server.Statistics);
        Assert.Equal([RefusalReason.ConnectionLimit], refused);

        await first.DisposeAsync();
        await server.EndedAsync();
        await using Connection fourth = await server.ConnectAsync();
        Assert.Equal("4", await fourth.AskAsync("4"));
        Assert.Equal("2", await second.AskAsync("2"));
    }

    [Fact]
    public async Task Behind_a_proxy_its_clients_are_counted_and_told_of_and_not_the_proxy()
    {
        ConcurrentQueue<EndPoint?> serving = [];
        ConcurrentQueue<(RefusalReason Reason, EndPoint? Who)> refused = [];
        MemoryNetwork memory = new();
        await using RunningServer server = new(await memory.ListenAsync("tcp://127.0.0.1:80?proxy=v2"), RunningServer.EchoAsync, new ServerOptions
        {
            ConnectionLimitPerAddress = 1,
            OnServing = connection => serving.Enqueue(connection.RemoteEndPoint),
            OnRefused = (connection, reason) => refused.Enqueue((reason, connection.RemoteEndPoint)),
        });
        Task<Connection> Connect(string client) => memory.ConnectAsync(
            "tcp://127.0.0.1:80?proxy=v2", new ConnectorOptions { ProxyHeader = new ProxyHeader(IPEndPoint.Parse(client), IPEndPoint.Parse("198.51.100.1:443")) }).AsTask();
        Connection first = await Connect("203.0.113.7:1001");
        Assert.Equal("1", await first.AskAsync("1"));
        await using Connection other = await Connect("203.0.113.8:1002");
        Assert.Equal("2", await other.AskAsync("2"));

        await using (Connection second = await Connect("203.0.113.7:1003"))
            Assert.Null(await second.LineAsync());
        Assert.Equal((RefusalReason.ConnectionLimitPerAddress, IPEndPoint.Parse("203.0.113.7:1003")), Assert.Single(refused));
        Assert.Equal([IPEndPoint.Parse("203.0.113.7:1001"), IPEndPoint.Parse("203.0.113.8:1002")], serving);

        await first.DisposeAsync();
        await server.EndedAsync();
        await using Connection third = await Connect("203.0.113.7:1004");
        Assert.Equal("3", await third.AskAsync("3"));
        Assert.Equal(new ServerStatistics { Active = 2, Accepted = 4, RefusedByAddressLimit = 1 }, server.Statistics);
    }

    [Fact]
    public async Task Of_five_hundred_at_once_the_limit_is_served_and_the_others_hear_at_once()
    {
        const int Clients = 500;
        const int Limit = 100;
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningServer server = await StartAsync(
            async (connection, stop) =>
            {
                await answer.Task;
                await connection.WriteLineAsync("served", stop);
            },
            new ServerOptions { ConnectionLimit = Limit });

        Connection[] clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => server.ConnectAsync()));
        Task<string?>[] answers = [.. clients.Select(client => client.LineAsync())];

        // Those over the limit end while not one of the others has.
        int ended = 0;
        await foreach (Task<string?> refused in Task.WhenEach(answers))
        {
            Assert.Null(await refused);
            if (++ended == Clients - Limit)
                break;
        }

        Assert.Equal(new ServerStatistics { Active = Limit, Accepted = Clients, RefusedByLimit = Clients - Limit }, server.Statistics);
        answer.SetResult();
        Assert.Equal(Limit, (await Task.WhenAll(answers)).Count(line => line == "served"));
        foreach (Connection client in clients)
            await client.DisposeAsync();
        await server.StopAsync();
        Assert.Equal(0, server.Statistics.Active);
    }

    [Fact]
    public async Task The_limit_of_an_address_is_its_own()
    {
        await using RunningServer server = await StartAsync(RunningServer.EchoAsync, new ServerOptions { ConnectionLimitPerAddress = 1 });
        await using Connection first = await ConnectFromAsync(server, "127.0.0.1");
        Assert.Equal("1", await first.AskAsync("1"));

        await using Connection second = await ConnectFromAsync(server, "127.0.0.1");
        Assert.True(await second.EndsInOrderAsync());
        await using Connection other = await ConnectFromAsync(server, "127.0.0.2");
        Assert.Equal("2", await other.AskAsync("2"));
        Assert.Equal(new ServerStatistics { Active = 2, Accepted = 3, RefusedByAddressLimit = 1 }, server.Statistics);

        await first.DisposeAsync();
        await server.EndedAsync();
        await using Connection again = await ConnectFromAsync(server, "127.0.0.1");
        Assert.Equal("3", await again.AskAsync("3"));
    }

    [Fact]
    public async Task Unix_peers_have_no_address_to_count()
    {
        using TemporaryFolder folder = new();
        await using RunningServer server = await StartAsync(
            RunningServer.EchoAsync, new ServerOptions { ConnectionLimitPerAddress = 1 }, $"unix://{Networks.PathIn(folder.Path)}");
        await using Connection first = await server.ConnectAsync();
        await using Connection second = await server.ConnectAsync();
        Assert.Equal("1", await first.AskAsync("1"));
        Assert.Equal("2", await second.AskAsync("2"));
    }

    [Fact]
    public async Task Verify_refuses_beside_the_others_not_before_them()
    {
        ConcurrentDictionary<string, TaskCompletionSource<bool>> verdicts = [];
        TaskCompletionSource<bool> Verdict(Connection connection) => Of(connection.RemoteEndPoint);
        TaskCompletionSource<bool> Of(EndPoint? name) => verdicts.GetOrAdd($"{name}", _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        await using RunningServer server = await StartAsync(RunningServer.EchoAsync, new ServerOptions
        {
            Verify = async (connection, stop) => await Verdict(connection).Task.WaitAsync(stop),
        });

        await using Connection slow = await server.ConnectAsync();
        await using Connection good = await server.ConnectAsync();
        await using Connection bad = await server.ConnectAsync();
        Of(good.LocalEndPoint).SetResult(true);
        Assert.Equal("hello", await good.AskAsync("hello"));
        Of(bad.LocalEndPoint).SetResult(false);
        Assert.True(await bad.EndsInOrderAsync());
        Of(slow.LocalEndPoint).SetException(new InvalidOperationException("Verify itself fails."));
        Assert.True(await slow.EndsInOrderAsync());

        await good.DisposeAsync();
        await server.StopAsync();
        Assert.Equal(new ServerStatistics { Accepted = 3, RefusedByVerify = 2, CallbackErrors = 1 }, server.Statistics);
    }

    [Fact]
    public async Task A_connection_that_is_verified_takes_a_slot()
    {
        await using RunningServer server = await StartAsync(RunningServer.EchoAsync, new ServerOptions
        {
            ConnectionLimit = 1,
            Verify = async (_, stop) =>
            {
                await Task.Delay(Timeout.Infinite, stop);
                return true;
            },
        });
        await using Connection verified = await server.ConnectAsync();
        await using Connection second = await server.ConnectAsync();
        Assert.True(await second.EndsInOrderAsync());
        Assert.Equal(1, server.Statistics.Active);

        // The stop token ends Verify, and that is no error of it.
        await server.StopAsync();
        Assert.True(await verified.EndsInOrderAsync());
        Assert.Equal(new ServerStatistics { Accepted = 2, RefusedByLimit = 1, RefusedByVerify = 1 }, server.Statistics);
    }

    [Theory]
    [InlineData(false, RefusalReason.Verify)]
    [InlineData(true, RefusalReason.Verify)]
    [InlineData(false, RefusalReason.ConnectionLimit)]
    [InlineData(true, RefusalReason.ConnectionLimit)]
    public async Task A_refused_connection_does_not_linger(bool hiddenSocket, RefusalReason reason)
    {
        WatchedClock clock = new();
        OfferedListener listener = new(clock);
        await using RunningServer server = new(listener, RunningServer.EchoAsync, new ServerOptions
        {
            ConnectionLimit = 1,
            Verify = reason == RefusalReason.Verify ? (_, _) => new(false) : null,
        });
        await using Connection served = listener.Offer();
        if (reason == RefusalReason.ConnectionLimit)
            await served.AskAsync("hello");

        // The peer does not end its side, and the clock stands: a lingering close would not end.
        await using Connection client = listener.Offer(inner => hiddenSocket ? new HiddenSocket(inner) : inner);
        Assert.True(await client.EndsInOrderAsync());
        await served.DisposeAsync();
        await server.StopAsync();
        Assert.Equal(0, clock.Started(new StreamOptions().LingerTimeout));
    }

    private static async Task<Connection> ConnectFromAsync(RunningServer server, string address)
    {
        NetworkSocket socket = server.Clients.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        await socket.ConnectAsync(server.Address.EndPoint);
        return server.Clients.CreateConnection(socket, new StreamOptions { LingerTimeout = TimeSpan.Zero });
    }

    private sealed class HiddenSocket(Connection inner) : DelegatingConnection(inner)
    {
        public override NetworkSocket? Socket => null;
    }
}
