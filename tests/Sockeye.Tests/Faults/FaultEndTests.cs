using System.Net.Sockets;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Faults;

/// <summary>Cuts, silence, resets and refusals; and what a close and an abort are with delayed bytes.</summary>
public class FaultEndTests
{
    [Fact]
    public async Task A_cut_ends_both_sides_in_order_after_its_bytes()
    {
        await using FaultedPair pair = (await FaultedPair.StartAsync("up: cut-after=5")).Relay();
        await pair.Server.WriteLineAsync("greeting").Within();
        Assert.Equal("greeting", await pair.Client.LineAsync());
        await pair.Client.WriteLineAsync("hello world").Within();

        Assert.Equal("hello|FIN", await FaultedPair.HearAllAsync(pair.Server).Within());
        Assert.Equal("|FIN", await FaultedPair.HearAllAsync(pair.Client).Within());
        await pair.Client.Output.CompleteAsync();
        await pair.Server.Output.CompleteAsync();
        RelayResult result = await pair.Relaying.Within();
        Assert.Equal((RelayEnd.Ended, RelayEnd.Ended), (result.First.End, result.Second.End));
        Assert.Equal(("hello".Length, "greeting\n".Length), (result.First.Bytes, result.Second.Bytes));
        Assert.Equal(1, pair.Control.Statistics.Cut);
    }

    [Theory]
    [InlineData("up: cut-after=5, reset")]
    [InlineData("up: cut-after=5, reset, slice=2")]
    [InlineData("delay=50ms; up: cut-after=5, reset")]
    public async Task What_passed_before_a_reset_is_counted_and_what_did_not_is_not(string plan)
    {
        await using FaultedPair pair = (await FaultedPair.StartAsync(plan)).Relay();
        await pair.Client.Output.WriteAsync(FaultedPair.Bytes("hel")).Within();
        await pair.Clock.PassUntilAsync(pair.ToServer.LengthIsAsync(3));
        await pair.Client.Output.WriteAsync(FaultedPair.Bytes("lo world")).Within();

        RelayResult result = await pair.Clock.PassUntilAsync(pair.Relaying);
        Assert.IsType<FaultException>(result.First.Error ?? result.Second.Error);
        Assert.Equal((5, 0), (result.First.Bytes, result.Second.Bytes));
        Assert.Equal("hello", string.Concat(pair.ToServer.All.Select(piece => piece.Text).Where(text => text != "RST")));
    }

    [Fact]
    public async Task What_a_reset_dropped_is_not_counted()
    {
        await using FaultedPair pair = (await FaultedPair.StartAsync("delay=1h, reset=5s")).Relay();
        await pair.Client.Output.WriteAsync(FaultedPair.Bytes("hello")).Within();
        while (pair.Control.Statistics.Delayed == 0)
            await Task.Yield();

        RelayResult result = await pair.Clock.PassUntilAsync(pair.Relaying);
        Assert.Equal(0, result.First.Bytes);
    }

    [Fact]
    public async Task A_cut_comes_with_its_last_byte_and_waits_for_no_other()
    {
        await using FaultedPair pair = (await FaultedPair.StartAsync("down: cut-after=5")).Relay();
        await pair.Server.Output.WriteAsync(FaultedPair.Bytes("hel")).Within();
        await pair.ToClient.LengthIsAsync(3).Within();
        await pair.Server.Output.WriteAsync(FaultedPair.Bytes("lo")).Within();

        Assert.Equal("hello|FIN", await FaultedPair.HearAllAsync(pair.Client).Within());
    }

    [Fact]
    public async Task A_cut_lets_a_write_in_the_other_direction_come_to_its_end()
    {
        const int Length = 1024 * 1024;
        await using FaultedPair pair = await FaultedPair.StartAsync("up: cut-after=5");
        Task writing = pair.ClientSide.Output.WriteAsync(new byte[Length]).AsTask();
        await pair.ToClient.LengthIsAsync(64 * 1024).Within();
        await pair.ServerSide.Output.WriteAsync(FaultedPair.Bytes("hello"));
        await pair.ToServer.HasEndedAsync().Within();
        Assert.False(writing.IsCompleted);

        Assert.Equal(Length + "|FIN".Length, (await FaultedPair.HearAllAsync(pair.Client).Within()).Length);
        await writing.Within();
    }

    [Fact]
    public async Task A_cut_that_is_a_reset_resets_both_after_its_bytes()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("delay=50ms; up: cut-after=5, reset");
        await pair.ClientSide.Output.WriteAsync(FaultedPair.Bytes("greeting"));
        await pair.ServerSide.Output.WriteAsync(FaultedPair.Bytes("hello world"));
        await pair.Clock.PassUntilAsync(Task.WhenAll(pair.ToServer.HasEndedAsync(), pair.ToClient.HasEndedAsync()));

        Assert.Equal([(50, "hello"), (50, "RST")], pair.ToServer.All);
        Assert.Contains((50, "RST"), pair.ToClient.All);
        await Assert.ThrowsAsync<FaultException>(async () => await pair.ServerSide.Input.ReadAsync());
        await Assert.ThrowsAsync<FaultException>(async () => await pair.ServerSide.Output.WriteAsync(FaultedPair.Bytes("more")));
        Assert.Equal((1, 1), (pair.Control.Statistics.Cut, pair.Control.Statistics.Reset));
    }

    [Fact]
    public async Task Half_open_nothing_passes_and_nobody_is_told()
    {
        await using FaultedPair pair = (await FaultedPair.StartAsync("up: cut-after=5, half-open")).Relay();
        await pair.Client.WriteLineAsync("hello world").Within();
        await pair.ToServer.LengthIsAsync(5).Within();
        await SilentAsync(pair);
        await pair.Client.WriteLineAsync("anybody there?").Within();
        await pair.Client.Output.CompleteAsync();
        await pair.Server.WriteLineAsync("an answer").Within();
        await pair.Server.Output.CompleteAsync();

        // Both have gone: there is nobody left who is not to be told.
        RelayResult result = await pair.Relaying.Within();
        Assert.Equal((RelayEnd.Ended, RelayEnd.Ended), (result.First.End, result.Second.End));
        Assert.Equal(["hello", "FIN"], pair.ToServer.All.Select(piece => piece.Text));
        Assert.Equal(["FIN"], pair.ToClient.All.Select(piece => piece.Text));
        Assert.Equal((1, 1), (pair.Control.Statistics.Cut, pair.Control.Statistics.HalfOpened));
    }

    /// <summary>RFC 9293, 3.5.1: one end has aborted, and the other does not know.</summary>
    [Theory]
    [InlineData("up: cut-after=5; half-open, reset", true, "hello")]
    [InlineData("down: cut-after=5; half-open, reset", false, "hello")]
    [InlineData("delay=50ms; up: cut-after=5, half-open, reset", true, "hello")]
    [InlineData("half-open, reset", true, "")]
    public async Task Half_open_with_a_reset_one_end_is_reset_and_the_other_is_not_told(string plan, bool isServerReset, string passed)
    {
        await using FaultedPair pair = (await FaultedPair.StartAsync(plan)).Relay();
        (Connection source, Connection sink) = isServerReset ? (pair.Client, pair.Server) : (pair.Server, pair.Client);
        (WrittenPieces toSource, WrittenPieces toSink) = isServerReset ? (pair.ToClient, pair.ToServer) : (pair.ToServer, pair.ToClient);
        await source.Output.WriteAsync(FaultedPair.Bytes("hello world")).Within();
        await pair.Clock.PassUntilAsync(toSink.HasEndedAsync());
        Assert.Equal(passed + "RST", string.Concat(toSink.All.Select(piece => piece.Text)));
        Assert.EndsWith("|RST", await FaultedPair.HearAllAsync(sink).Within(), StringComparison.Ordinal);

        await source.Output.WriteAsync(FaultedPair.Bytes("anybody there?")).Within();
        Assert.False(pair.Relaying.IsCompleted);
        Assert.Empty(toSource.All);

        // When it has gone too there is nobody left who is not to be told.
        await source.Output.CompleteAsync();
        RelayResult result = await pair.Relaying.Within();
        Assert.IsType<FaultException>(result.First.Error ?? result.Second.Error);
        Assert.Equal((1, 1), (pair.Control.Statistics.HalfOpened, pair.Control.Statistics.Reset));
        Assert.Equal(passed.Length == 0 ? 0 : 1, pair.Control.Statistics.Cut);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Half_open_an_end_or_a_reset_of_one_side_is_kept_from_the_other(bool isReset)
    {
        await using FaultedPair pair = (await FaultedPair.StartAsync("half-open")).Relay();
        if (isReset)
            pair.Client.Abort();
        else
            await pair.Client.Output.CompleteAsync();
        await GoneAsync(pair);
        await pair.Server.WriteLineAsync("anybody there?").Within();
        Assert.False(pair.Relaying.IsCompleted);
        Assert.Empty(pair.ToServer.All);

        await pair.Server.Output.CompleteAsync();
        await pair.Relaying.Within();
    }

    [Fact]
    public async Task Half_open_a_connection_that_is_closed_here_ends_all_the_same()
    {
        await using FaultedPair pair = (await FaultedPair.StartAsync("half-open")).Relay();
        pair.Below.Client.Abort();

        Assert.Equal(RelayEnd.Failed, (await pair.Relaying.Within()).First.End);
    }

    [Fact]
    public async Task Half_open_a_cancelled_relay_ends()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("half-open");
        using CancellationTokenSource stop = new();
        Task relaying = Relay.RunAsync(pair.ClientSide, pair.ServerSide, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => relaying.Within());
    }

    [Fact]
    public async Task Reset_alone_resets_both_at_once()
    {
        await using FaultedPair pair = (await FaultedPair.StartAsync("reset")).Relay();

        Assert.Equal("|RST", await FaultedPair.HearAllAsync(pair.Client).Within());
        Assert.Equal("|RST", await FaultedPair.HearAllAsync(pair.Server).Within());
        RelayResult result = await pair.Relaying.Within();
        Assert.IsType<FaultException>(result.First.Error ?? result.Second.Error);
    }

    [Fact]
    public async Task Reset_after_a_time_resets_then()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("reset=5s");
        await pair.ServerSide.Output.WriteAsync(FaultedPair.Bytes("hello"));
        await pair.Clock.PassUntilAsync(Task.WhenAll(pair.ToServer.CountIsAsync(2), pair.ToClient.CountIsAsync(1)));

        Assert.Equal([(0, "hello"), (5000, "RST")], pair.ToServer.All);
        Assert.Equal([(5000, "RST")], pair.ToClient.All);
    }

    [Fact]
    public async Task A_plan_that_is_set_later_holds_for_connections_that_are_there()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("reset=5s");
        pair.Control.Plan = FaultPlan.None;
        await pair.ServerSide.Output.WriteAsync(FaultedPair.Bytes("hello"));
        Assert.Equal([(0, "hello")], pair.ToServer.All);

        pair.Control.Plan = FaultPlan.Parse("reset");
        Assert.Equal([(0, "hello"), (0, "RST")], pair.ToServer.All);
    }

    [Fact]
    public async Task The_next_connections_are_refused_and_then_no_more()
    {
        MemoryNetwork network = new();
        FaultControl control = new(FaultPlan.Parse("refuse=3"));
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:1000");
        for (int i = 0; i < 5; i++)
        {
            if (i == 4)
                control.Plan = FaultPlan.Parse("refuse");
            await using Connection client = await network.ConnectAsync("tcp://127.0.0.1:1000");
            await using Connection accepted = (await listener.AcceptAsync())!;
            Assert.Equal(i != 3, control.TryRefuse(accepted));
            if (i != 3)
                Assert.Equal("|RST", await FaultedPair.HearAllAsync(client).Within());
            else
                client.Abort();
        }

        Assert.Equal(4, control.Statistics.Refused);
    }

    [Fact]
    public async Task An_abort_comes_behind_what_is_delayed_and_ends_reads_at_once()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("delay=50ms");
        Task reading = pair.ServerSide.Input.ReadAsync().AsTask();
        await pair.ServerSide.Output.WriteAsync(FaultedPair.Bytes("a"));
        InvalidTimeZoneException reason = new("the reason");
        pair.ServerSide.Abort(reason);

        Assert.Same(reason, await Assert.ThrowsAsync<InvalidTimeZoneException>(() => reading.Within()));
        Assert.Empty(pair.ToServer.All);
        await pair.Clock.PassUntilAsync(pair.ToServer.CountIsAsync(2));
        Assert.Equal([(50, "a"), (50, "RST")], pair.ToServer.All);
    }

    [Fact]
    public async Task A_second_abort_does_not_wait()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("delay=50ms");
        await pair.ServerSide.Output.WriteAsync(FaultedPair.Bytes("a"));
        pair.ServerSide.Abort();
        pair.ServerSide.Abort();

        Assert.Equal([(0, "RST")], pair.ToServer.All);
    }

    [Fact]
    public async Task A_reset_that_is_relayed_comes_behind_what_is_delayed()
    {
        await using FaultedPair pair = (await FaultedPair.StartAsync("delay=50ms")).Relay();
        await pair.Client.WriteLineAsync("hello").Within();
        await pair.Clock.JumpToAsync(TimeSpan.FromMilliseconds(10));
        pair.Client.Abort();
        await pair.Clock.PassUntilAsync(pair.Relaying);

        Assert.Equal(RelayEnd.Failed, (await pair.Relaying).First.End);
        Assert.Equal(["hello\n", "RST"], pair.ToServer.All.Select(piece => piece.Text));
        Assert.Equal(50, pair.ToServer.All[0].Milliseconds);
    }

    [Fact]
    public async Task Disposing_passes_on_what_is_delayed_and_then_the_end()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("delay=50ms");
        await pair.ServerSide.Output.WriteAsync(FaultedPair.Bytes("a"));
        FaultedPair.Bytes("b").CopyTo(pair.ServerSide.Output.GetMemory(1));
        pair.ServerSide.Output.Advance(1);
        Task disposing = pair.ServerSide.DisposeAsync().AsTask();
        await pair.Clock.PassUntilAsync(pair.ToServer.CountIsAsync(3));

        Assert.Equal([(50, "a"), (50, "b"), (50, "FIN")], pair.ToServer.All);
        await pair.Server.Output.CompleteAsync();
        await pair.Clock.PassUntilAsync(disposing);
    }

    [Fact]
    public async Task Disposing_leaves_a_side_that_takes_nothing()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("delay=50ms");
        await pair.ServerSide.Output.WriteAsync(new byte[1024 * 1024]);
        await pair.Clock.PassUntilAsync(pair.ServerSide.DisposeAsync().AsTask());

        Assert.Equal("RST", pair.ToServer.All[^1].Text);
    }

    [Fact]
    public async Task A_close_by_others_waits_for_nothing()
    {
        await using FaultedPair pair = (await FaultedPair.StartAsync("delay=1h")).Relay();
        await pair.Client.WriteLineAsync("hello").Within();
        await pair.Clock.JumpToAsync(TimeSpan.FromSeconds(1));
        pair.Below.Client.Abort();

        Assert.Equal(RelayEnd.Failed, (await pair.Relaying.Within()).First.End);
        Assert.Equal(1000, pair.Clock.Now.TotalMilliseconds);
    }

    /// <summary>The reader may learn of it first: a connection closes its socket, and says that it is closed after that.</summary>
    [Fact]
    public async Task A_close_by_others_waits_for_nothing_also_before_it_is_said()
    {
        await using FaultedPair pair = (await FaultedPair.StartAsync("delay=1h")).Relay();
        await pair.Client.WriteLineAsync("hello").Within();
        await pair.Clock.JumpToAsync(TimeSpan.FromSeconds(1));
        pair.Below.Client.Socket!.Abort();

        Assert.Equal(RelayEnd.Failed, (await pair.Relaying.Within()).First.End);
        Assert.Equal(1000, pair.Clock.Now.TotalMilliseconds);
    }

    [Fact]
    public async Task What_fails_behind_the_writers_back_is_told_to_it()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("delay=50ms");
        await pair.ServerSide.Output.WriteAsync(FaultedPair.Bytes("a"));
        pair.Server.Abort();

        await Assert.ThrowsAsync<SocketException>(() => pair.Clock.PassUntilAsync(pair.ServerSide.Output.CompleteAsync().AsTask()));
    }

    /// <summary>Waits until the silence has begun.</summary>
    private static Task SilentAsync(FaultedPair pair) => EventuallyAsync(() => pair.Control.Statistics.HalfOpened == 1);

    /// <summary>Waits until the relay has read the client to its end.</summary>
    private static Task GoneAsync(FaultedPair pair) => EventuallyAsync(() => ((FaultedConnection)pair.ClientSide).IsGone);

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Yield();
    }
}
