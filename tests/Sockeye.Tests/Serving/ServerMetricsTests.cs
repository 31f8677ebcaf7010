using System.Net.Sockets;

namespace Sockeye.Tests.Serving;

public class ServerMetricsTests
{
    [Fact]
    public async Task A_server_measures_its_life()
    {
        TimeSpan idle = TimeSpan.FromSeconds(60);
        WatchedClock clock = new();
        await using RunningServer server = await RunningServer.StartAsync(
            async (connection, stop) =>
            {
                if (await connection.AskAsync("welcome") == "fail")
                    throw new InvalidOperationException("As asked.");
                await RunningServer.EchoAsync(connection, stop);
            },
            new ServerOptions { ConnectionLimit = 2, IdleTimeout = idle },
            clock: clock);
        using MeasuredInstruments measured = new(server.Address);

        // Held to the end: one that is forgotten is collected, and closed with that.
        await using Connection silent = await server.ConnectAsync();
        Assert.Equal("welcome", await silent.LineAsync());
        await using Connection failing = await server.ConnectAsync();
        Assert.Equal("welcome", await failing.LineAsync());
        Connection excess = await server.ConnectAsync();
        Assert.True(await excess.EndsInOrderAsync());
        Assert.Equal(2, measured.Sums("sockeye.server.connection.count")[""]);
        await failing.WriteLineAsync("fail");
        await server.EndedAsync();

        Connection good = await server.ConnectAsync();
        Assert.Equal("welcome", await good.LineAsync());
        clock.Advance(idle / 4);
        await good.WriteLineAsync("well");
        Assert.Equal("12345", await good.AskAsync("12345"));
        clock.Advance(idle / 4 * 4);
        await server.EndedAsync();
        await good.DisposeAsync();
        await server.StopAsync();

        Assert.Equal(new() { [""] = 4 }, measured.Sums("sockeye.server.connection.accepted"));
        Assert.Equal(new() { ["sockeye.refusal.reason=connection_limit"] = 1 }, measured.Sums("sockeye.server.connection.refused"));
        Assert.Equal(new() { [""] = 0 }, measured.Sums("sockeye.server.connection.count"));
        Assert.Equal(3, measured.Count("sockeye.server.connection.duration"));
        Assert.Equal(
            new()
            {
                ["sockeye.end.reason=handler_error error.type=System.InvalidOperationException"] = 0,
                ["sockeye.end.reason=idle"] = 75,
                ["sockeye.end.reason=completed"] = 75,
            },
            measured.Sums("sockeye.server.connection.duration"));
        Assert.Equal(
            new() { ["network.io.direction=receive"] = 5 + 5 + 6, ["network.io.direction=transmit"] = (3 * 8) + 6 },
            measured.Sums("sockeye.server.network.io"));
    }

    [Fact]
    public async Task Other_ends_and_refusals_have_their_names()
    {
        TimeSpan drain = TimeSpan.FromSeconds(9);
        WatchedClock clock = new();
        OfferedListener listener = new(clock);
        bool verified = false;
        await using RunningServer server = new(listener, async (connection, _) => await connection.AskAsync("welcome"), new ServerOptions
        {
            DrainTimeout = drain,
            Verify = (_, _) => new(verified),
        });
        using MeasuredInstruments measured = new(listener.Address);
        await using Connection refused = listener.Offer();
        Assert.True(await refused.EndsInOrderAsync());
        verified = true;
        listener.Fail(SocketError.TooManyOpenSockets);
        await clock.StartedAsync(new ServerOptions().AcceptBackoff);
        clock.Advance(new ServerOptions().AcceptBackoff);
        await using Connection client = listener.Offer();
        Assert.Equal("welcome", await client.LineAsync());
        server.Stop();
        await clock.StartedAsync(drain);
        clock.Advance(drain);
        await server.Run.Within();

        Assert.Equal(new() { ["sockeye.refusal.reason=verify"] = 1 }, measured.Sums("sockeye.server.connection.refused"));
        Assert.Equal(new() { ["error.type=TooManyOpenSockets"] = 1 }, measured.Sums("sockeye.server.accept.failures"));
        Assert.Equal(new() { ["sockeye.end.reason=drain_timeout"] = 9 }, measured.Sums("sockeye.server.connection.duration"));
        Assert.Equal(new() { [""] = 0 }, measured.Sums("sockeye.server.connection.count"));
    }

    [Fact]
    public async Task A_listener_that_comes_late_counts_no_connection_below_zero()
    {
        await using RunningServer server = await RunningServer.StartAsync(RunningServer.EchoAsync);
        Connection early = await server.ConnectAsync();
        await early.AskAsync("hello");
        using MeasuredInstruments measured = new(server.Address);
        await early.DisposeAsync();
        await server.StopAsync();
        Assert.Empty(measured.Sums("sockeye.server.connection.count"));
        Assert.Equal(1, measured.Count("sockeye.server.connection.duration"));
    }

    [Fact]
    public async Task A_datagram_server_measures_too()
    {
        await using RunningDatagramServer server = await RunningDatagramServer.StartAsync(
            (datagram, stop) => datagram.Bytes.Length == 0 ? throw new InvalidOperationException("Empty.") : datagram.ReplyAsync(datagram.Bytes, stop),
            new DatagramServerOptions { ConcurrencyMax = 1, Verify = datagram => datagram.Bytes.Length < 3 });
        using MeasuredInstruments measured = new(server.Address);
        await using DatagramSocket client = await Network.Host.ConnectDatagramAsync(server.Address);
        await client.SendAsync(new byte[3]);
        await client.SendAsync(Array.Empty<byte>());
        await client.SendAsync(new byte[2]);
        Assert.Equal(2, (await client.ReceiveAsync(new byte[10]).Within()).Bytes.Length);
        await server.StopAsync();

        Assert.Equal(new() { [""] = 3 }, measured.Sums("sockeye.server.datagram.received"));
        Assert.Equal(new() { [""] = 1 }, measured.Sums("sockeye.server.datagram.refused"));
        Assert.Equal(new() { ["error.type=System.InvalidOperationException"] = 1 }, measured.Sums("sockeye.server.datagram.failures"));
    }

    [Fact]
    public async Task Units_are_those_of_the_conventions()
    {
        await using RunningServer server = await RunningServer.StartAsync(RunningServer.EchoAsync);
        await using (Connection client = await server.ConnectAsync())
            await client.AskAsync("hello");
        using MeasuredInstruments measured = new(server.Address);
        Dictionary<string, string?> expected = new()
        {
            ["sockeye.server.connection.accepted"] = "{connection}",
            ["sockeye.server.connection.refused"] = "{connection}",
            ["sockeye.server.connection.count"] = "{connection}",
            ["sockeye.server.connection.duration"] = "s",
            ["sockeye.server.network.io"] = "By",
            ["sockeye.server.accept.failures"] = "{failure}",
            ["sockeye.server.datagram.received"] = "{datagram}",
            ["sockeye.server.datagram.refused"] = "{datagram}",
            ["sockeye.server.datagram.failures"] = "{failure}",
        };
        Assert.Equal(expected.OrderBy(unit => unit.Key), measured.Units.Where(unit => unit.Key.StartsWith("sockeye.server.", StringComparison.Ordinal)).OrderBy(unit => unit.Key));
    }

}
