using System.Net.Sockets;
using System.Text.Json;
using Sockeye.Cli.Relaying;
using Sockeye.Cli.Tests.Serving;

namespace Sockeye.Cli.Tests.Relaying;

/// <summary>What <c>sockeye relay</c> tells, and what its clients learn.</summary>
public class RelayProgramTests
{
    [Fact]
    public async Task One_line_tells_who_to_where_how_much_and_why_it_ended()
    {
        await using RunningRelay relay = await RunningRelay.StartAsync();
        using Socket client = await relay.ConnectAsync();
        using Socket server = await relay.AcceptAsync();
        await client.SayAsync("hello");
        Assert.Equal("hello", await server.HearAsync("hello"));
        await server.SayAsync("hello to you");
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("", await server.HearAllAsync());
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal("hello to you", await client.HearAllAsync());

        string line = await relay.Lines.FindAsync("left");
        Assert.Matches($@"^#1 tcp://{client.LocalEndPoint} left \(ended\): 5 bytes to tcp://{relay.Target.LocalEndPoint}, 12 bytes back, [0-9.]+ s$", line);
    }

    [Fact]
    public async Task The_same_as_JSON()
    {
        await using RunningRelay relay = await RunningRelay.StartAsync(isJson: true);
        using (Socket client = await relay.ConnectAsync())
        using (Socket server = await relay.AcceptAsync())
        {
            await client.SayAsync("hello");
            Assert.Equal("hello", await server.HearAsync("hello"));
        }

        JsonElement left = JsonDocument.Parse(await relay.Lines.FindAsync("\"left\"")).RootElement;
        Assert.Equal(1, left.GetProperty("connection").GetInt64());
        Assert.Equal($"tcp://{relay.Target.LocalEndPoint}", left.GetProperty("target").GetString());
        Assert.Equal($"{relay.Address}", left.GetProperty("address").GetString());
        Assert.Equal((5, 0), (left.GetProperty("bytes").GetInt64(), left.GetProperty("sent").GetInt64()));
        Assert.True(left.GetProperty("milliseconds").GetDouble() >= 0);
        Assert.Equal("ended", left.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_target_that_refuses_is_learned_as_a_reset_and_told()
    {
        await using RunningRelay relay = await RunningRelay.StartAsync();
        relay.Target.Dispose();

        Assert.Equal(SocketError.ConnectionReset, await FailureOfConnectAsync(relay));
        await relay.Lines.FindAsync("left (refused)", "refused; nothing listens there", "the client was reset");
    }

    [Fact]
    public async Task A_reset_of_either_side_is_told_apart()
    {
        await using RunningRelay relay = await RunningRelay.StartAsync();
        using (Socket client = await relay.ConnectAsync())
        {
            using Socket server = await relay.AcceptAsync();
            Reset(client);
            Assert.Equal(SocketError.ConnectionReset, await FailureAsync(server));
        }

        await relay.Lines.FindAsync("left (reset)");
        using Socket second = await relay.ConnectAsync();
        Socket target = await relay.AcceptAsync();
        await target.SayAsync("x");
        Assert.Equal("x", await second.HearAsync("x"));
        Reset(target);
        Assert.Equal(SocketError.ConnectionReset, await FailureAsync(second));
        await relay.Lines.FindAsync("left (target-reset)");
    }

    [Fact]
    public async Task Over_the_limit_one_is_refused_and_the_option_is_named()
    {
        await using RunningRelay relay = await RunningRelay.StartAsync(new RelaySettings { Limit = 1 });
        using Socket first = await relay.ConnectAsync();
        using Socket server = await relay.AcceptAsync();
        using Socket second = await relay.ConnectAsync();

        await relay.Lines.FindAsync("refused", "--limit ");
        await first.SayAsync("still here");
        Assert.Equal("still here", await server.HearAsync("still here"));
    }

    [Fact]
    public async Task Over_the_limit_of_its_address_one_is_refused()
    {
        await using RunningRelay relay = await RunningRelay.StartAsync(new RelaySettings { LimitPerAddress = 1 });
        using Socket first = await relay.ConnectAsync();
        using Socket server = await relay.AcceptAsync();
        using Socket second = await relay.ConnectAsync();

        await relay.Lines.FindAsync("refused", "--limit-per-address ");
    }

    [Fact]
    public async Task An_idle_one_is_reset_on_both_sides()
    {
        await using RunningRelay relay = await RunningRelay.StartAsync(new RelaySettings { IdleTimeout = TimeSpan.FromMilliseconds(200) });
        using Socket client = await relay.ConnectAsync();
        using Socket server = await relay.AcceptAsync();

        Assert.Equal(SocketError.ConnectionReset, await FailureAsync(server));
        Assert.Equal(SocketError.ConnectionReset, await FailureAsync(client));
        await relay.Lines.FindAsync("left (idle)");
    }

    [Fact]
    public async Task Asked_to_stop_it_lets_connections_finish_and_takes_no_more()
    {
        await using RunningRelay relay = await RunningRelay.StartAsync(new RelaySettings { DrainTimeout = Lines.Patience });
        using Socket client = await relay.ConnectAsync();
        using Socket server = await relay.AcceptAsync();
        relay.Stop();
        await relay.Lines.FindAsync("stopping, with 1 connection open");

        await client.SayAsync("one more");
        Assert.Equal("one more", await server.HearAsync("one more"));
        client.Shutdown(SocketShutdown.Send);
        server.Shutdown(SocketShutdown.Send);
        await relay.Running.WaitAsync(Lines.Patience);
        await relay.Lines.FindAsync("left (ended)");
        await Assert.ThrowsAsync<SocketException>(relay.ConnectAsync);
    }

    [Fact]
    public async Task What_has_not_finished_within_the_drain_is_reset()
    {
        await using RunningRelay relay = await RunningRelay.StartAsync(new RelaySettings { DrainTimeout = TimeSpan.Zero });
        using Socket client = await relay.ConnectAsync();
        using Socket server = await relay.AcceptAsync();
        relay.Stop();

        Assert.Equal(SocketError.ConnectionReset, await FailureAsync(client));
        Assert.Equal(SocketError.ConnectionReset, await FailureAsync(server));
        await relay.Lines.FindAsync("left (aborted)");
    }

    [Fact]
    public async Task Behind_a_proxy_the_line_names_the_proxys_client()
    {
        await using RunningRelay relay = await RunningRelay.StartAsync(options: "?proxy=any");
        using Socket client = await relay.ConnectAsync();
        await client.SayAsync("PROXY TCP4 203.0.113.7 198.51.100.1 4711 443\r\nhello");
        using Socket server = await relay.AcceptAsync();
        Assert.Equal("hello", await server.HearAsync("hello"));
        client.Shutdown(SocketShutdown.Send);
        server.Shutdown(SocketShutdown.Send);

        await relay.Lines.FindAsync("#1 tcp://203.0.113.7:4711 left (ended): 5 bytes");
    }

    [Fact]
    public async Task A_client_without_the_header_is_reset_and_told_of()
    {
        await using RunningRelay relay = await RunningRelay.StartAsync(options: "?proxy=v2");
        using Socket client = await relay.ConnectAsync();
        await client.SayAsync("GET / HTTP/1.1\r\n");

        Assert.Equal(SocketError.ConnectionReset, await FailureAsync(client));
        await relay.Lines.FindAsync("refused by", "no PROXY header came but \"GET / HTTP/1.1");
    }

    [Fact]
    public async Task Faults_are_told_at_the_start_with_each_connection_and_at_the_end()
    {
        FaultControl faults = new(FaultPlan.Parse("refuse=1; up: cut-after=5, reset"), seed: 4711);
        RunningRelay relay = await RunningRelay.StartAsync(new RelaySettings { Faults = faults });
        await using (relay)
        {
            await relay.Lines.FindAsync("faults: reset, refuse=1; up: cut-after=5 (--fault-seed 4711 has the same again)");
            Assert.Equal(SocketError.ConnectionReset, await FailureOfConnectAsync(relay));
            await relay.Lines.FindAsync("#1 ", "left (fault)", "refused by --fault");

            using Socket client = await relay.ConnectAsync();
            using Socket server = await relay.AcceptAsync();
            await client.SayAsync("hello world");
            Assert.Equal(SocketError.ConnectionReset, await FailureAsync(server));
            Assert.Equal(SocketError.ConnectionReset, await FailureAsync(client));
            await relay.Lines.FindAsync("#2 ", "left (fault): 5 bytes to ", ", 0 bytes back", "reset by a fault");
        }

        await relay.Lines.FindAsync("faults: 1 refused, 1 reset, 1 cut");
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_what_is_delayed_longer_than_the_drain()
    {
        FaultControl faults = new(FaultPlan.Parse("delay=1h"));
        await using RunningRelay relay = await RunningRelay.StartAsync(new RelaySettings { Faults = faults, DrainTimeout = TimeSpan.FromMilliseconds(100) });
        using Socket client = await relay.ConnectAsync();
        using Socket server = await relay.AcceptAsync();
        await client.SayAsync("hello");
        while (faults.Statistics.Delayed == 0)
            await Task.Yield();

        relay.Stop();
        await relay.Running.WaitAsync(Lines.Patience);
        await relay.Lines.FindAsync("left (aborted)");
    }

    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    /// <summary>How a connection that is reset at once ends: it may come so soon that connecting itself ends with it.</summary>
    private static async Task<SocketError> FailureOfConnectAsync(RunningRelay relay)
    {
        try
        {
            using Socket client = await relay.ConnectAsync();
            return await FailureAsync(client);
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    private static async Task<SocketError> FailureAsync(Socket socket)
    {
        try
        {
            await socket.HearAllAsync();
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }
}
