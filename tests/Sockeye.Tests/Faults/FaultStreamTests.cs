using System.IO.Pipelines;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Faults;

/// <summary>What becomes of bytes, and when: times are virtual, and exact.</summary>
public class FaultStreamTests
{
    [Fact]
    public async Task Without_faults_bytes_go_straight_on()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("none");
        for (int i = 0; i < 3; i++)
            Assert.True(Write(pair, $"{i}").IsCompletedSuccessfully);
        Assert.True(pair.ServerSide.Output.CompleteAsync().AsTask().IsCompletedSuccessfully);

        Assert.Equal([(0, "0"), (0, "1"), (0, "2"), (0, "FIN")], pair.ToServer.All);
        Assert.Equal("012|FIN", await FaultedPair.HearAllAsync(pair.Server).Within());
        Assert.Equal(new FaultStatistics { Connections = 1 }, pair.Control.Statistics);
    }

    [Fact]
    public async Task Each_piece_is_delayed_by_itself()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("up: delay=50ms");
        await Write(pair, "a");
        await Write(pair, "b");
        await pair.Clock.PassUntilAsync(pair.ToServer.CountIsAsync(2));
        await Write(pair, "c");
        await pair.Clock.PassUntilAsync(pair.ToServer.CountIsAsync(3));

        Assert.Equal([(50, "a"), (50, "b"), (100, "c")], pair.ToServer.All);
        Assert.Equal(3, pair.Control.Statistics.Delayed);
    }

    [Fact]
    public async Task The_other_direction_has_its_own_faults()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("up: delay=50ms; down: slice=2");
        await Write(pair, "abc");
        await pair.ClientSide.Output.WriteAsync(FaultedPair.Bytes("def"));
        await pair.Clock.PassUntilAsync(pair.ToServer.CountIsAsync(1));

        Assert.Equal([(50, "abc")], pair.ToServer.All);
        Assert.Equal([(0, "de"), (0, "f")], pair.ToClient.All);
    }

    [Fact]
    public async Task Jitter_is_within_its_limits_keeps_the_order_and_comes_from_the_seed()
    {
        (double Milliseconds, string Text)[] first = await JitteredAsync(seed: 1);
        (double Milliseconds, string Text)[] again = await JitteredAsync(seed: 1);
        (double Milliseconds, string Text)[] other = await JitteredAsync(seed: 2);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Equal(first.Select(piece => piece.Text), other.Select(piece => piece.Text));
        Assert.Equal(Enumerable.Range(0, first.Length).Select(number => $"{number};"), first.Select(piece => piece.Text));
        Assert.Equal(first.Select(piece => piece.Milliseconds).Order(), first.Select(piece => piece.Milliseconds));
        Assert.InRange(first.Min(piece => piece.Milliseconds), 40, 50);
        Assert.InRange(first.Max(piece => piece.Milliseconds), 50, 60);
    }

    [Fact]
    public async Task A_rate_lets_bytes_go_as_they_would_leave_a_line()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("rate=80kbit");
        Task writing = Write(pair, new string('x', 250));
        await pair.Clock.PassUntilAsync(writing);

        Assert.Equal([(10, 100), (20, 100), (25, 50)], pair.ToServer.All.Select(piece => (piece.Milliseconds, piece.Text.Length)));
    }

    [Fact]
    public async Task A_new_rate_is_felt_by_what_waits_for_the_old_one()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("rate=8bit");
        Task writing = Write(pair, "abcdef");
        await pair.Clock.PassUntilAsync(pair.ToServer.CountIsAsync(1));
        await pair.Clock.WaitedForAsync().Within();
        pair.Control.Plan = FaultPlan.None;
        await pair.Clock.PassUntilAsync(writing);

        Assert.Equal([(1000, "a"), (2000, "b"), (2000, "cdef")], pair.ToServer.All);
    }

    [Fact]
    public async Task Slices_are_writes_of_their_own()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("slice=1");
        await Write(pair, "hello");

        Assert.Equal([(0, "h"), (0, "e"), (0, "l"), (0, "l"), (0, "o")], pair.ToServer.All);
        Assert.Equal(4, pair.Control.Statistics.Sliced);
        Assert.True(pair.Below.Server.Socket!.NoDelay);
    }

    [Fact]
    public async Task Slices_at_a_rate_come_one_by_one()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("slice=1, rate=8kbit");
        await pair.Clock.PassUntilAsync(Write(pair, "hey"));

        Assert.Equal([(1, "h"), (2, "e"), (3, "y")], pair.ToServer.All);
    }

    [Fact]
    public async Task What_comes_within_a_time_is_merged()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("merge=20ms");
        await Write(pair, "a");
        await Write(pair, "b");
        await Write(pair, "c");
        await pair.Clock.PassUntilAsync(pair.ToServer.CountIsAsync(1));
        await Write(pair, "d");
        await pair.Clock.PassUntilAsync(pair.ToServer.CountIsAsync(2));

        Assert.Equal([(20, "abc"), (40, "d")], pair.ToServer.All);
        Assert.Equal(2, pair.Control.Statistics.Merged);
    }

    [Fact]
    public async Task What_is_lost_is_sent_again_later_each_time_by_twice_as_much()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("drop=100%");
        await Write(pair, "a");
        pair.Control.Plan = FaultPlan.None;
        await pair.Clock.PassUntilAsync(Write(pair, "b"));

        // 200 ms, 400 ms, … eight times; and TCP hands nothing over that is behind a gap.
        Assert.Equal([(51_000, "a"), (51_000, "b")], pair.ToServer.All);
        Assert.Equal(FaultDice.LossesMax, pair.Control.Statistics.Dropped);
    }

    [Fact]
    public async Task One_bit_of_a_corrupted_piece_is_turned_over()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("corrupt=100%");
        await Write(pair, "hello");

        string came = Assert.Single(pair.ToServer.All).Text;
        Assert.Equal(1, came.Zip("hello").Sum(pair => System.Numerics.BitOperations.PopCount((uint)(pair.First ^ pair.Second))));
        Assert.Equal(1, pair.Control.Statistics.Corrupted);
    }

    [Fact]
    public async Task An_end_comes_behind_what_is_delayed()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("delay=50ms");
        await Write(pair, "a");
        await pair.Clock.PassUntilAsync(pair.ServerSide.Output.CompleteAsync().AsTask());

        Assert.Equal([(50, "a"), (50, "FIN")], pair.ToServer.All);
    }

    [Fact]
    public async Task A_slow_close_comes_later_still()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("delay=50ms, slow-close=1s");
        await Write(pair, "a");
        await pair.Clock.PassUntilAsync(pair.ServerSide.Output.CompleteAsync().AsTask());

        Assert.Equal([(50, "a"), (1050, "FIN")], pair.ToServer.All);
        Assert.Equal(1, pair.Control.Statistics.ClosedSlowly);
    }

    [Fact]
    public async Task A_new_plan_is_for_what_comes_next_and_overtakes_nothing()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("delay=50ms");
        await Write(pair, "a");
        pair.Control.Plan = FaultPlan.None;
        Task second = Write(pair, "b");
        await pair.Clock.PassUntilAsync(second);
        Assert.Equal([(50, "a"), (50, "b")], pair.ToServer.All);

        Assert.True(Write(pair, "c").IsCompletedSuccessfully);
        pair.Control.Plan = FaultPlan.Parse("delay=10ms");
        await Write(pair, "d");
        await pair.Clock.PassUntilAsync(pair.ToServer.CountIsAsync(4));
        Assert.Equal([(50, "c"), (60, "d")], pair.ToServer.All[2..]);
    }

    [Fact]
    public async Task More_than_QueueBytesMax_does_not_wait_here()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync(new FaultControl(FaultPlan.Parse("delay=50ms")) { QueueBytesMax = 10 });
        Assert.True(Write(pair, "0123456789").IsCompletedSuccessfully);
        Task writing = Write(pair, "abcdefghijk");
        Assert.False(writing.IsCompleted);
        await pair.Clock.PassUntilAsync(writing);
        await pair.Clock.PassUntilAsync(pair.ToServer.CountIsAsync(3));

        Assert.Equal([(50, "0123456789"), (100, "abcdefghij"), (150, "k")], pair.ToServer.All);
    }

    [Fact]
    public async Task Over_QueueBytesTotalMax_each_direction_has_one_piece()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync(new FaultControl(FaultPlan.Parse("delay=50ms")) { QueueBytesTotalMax = 5 });
        Assert.True(Write(pair, "01234").IsCompletedSuccessfully);
        Assert.True(pair.ClientSide.Output.WriteAsync(FaultedPair.Bytes("abc")).AsTask().IsCompletedSuccessfully);
        Task writing = pair.ClientSide.Output.WriteAsync(FaultedPair.Bytes("def")).AsTask();
        Assert.False(writing.IsCompleted);
        await pair.Clock.PassUntilAsync(writing);
        await pair.Clock.PassUntilAsync(pair.ToClient.CountIsAsync(2));

        Assert.Equal([(50, "abc"), (100, "def")], pair.ToClient.All);
    }

    [Fact]
    public async Task Where_nothing_is_held_back_a_slow_side_slows_the_writer()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("slice=4096");
        Task writing = WriteAndEndAsync(pair, new string('x', 1024 * 1024));
        await pair.ToServer.LengthIsAsync(64 * 1024).Within();
        Assert.False(writing.IsCompleted);

        Assert.Equal((1024 * 1024) + "|FIN".Length, (await FaultedPair.HearAllAsync(pair.Server).Within()).Length);
        await writing.Within();
    }

    [Fact]
    public async Task A_write_that_is_cancelled_while_it_waits_is_kept_for_the_next()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync(new FaultControl(FaultPlan.Parse("delay=50ms")) { QueueBytesMax = 4 });
        using CancellationTokenSource stop = new();
        await Write(pair, "0123");
        Task cancelled = pair.ServerSide.Output.WriteAsync(FaultedPair.Bytes("abcdef"), stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Within());

        Task flushing = pair.ServerSide.Output.FlushAsync().AsTask();
        pair.ServerSide.Output.CancelPendingFlush();
        await pair.Clock.PassUntilAsync(flushing);
        await pair.Clock.PassUntilAsync(pair.ServerSide.Output.FlushAsync().AsTask());
        await pair.Clock.PassUntilAsync(pair.ToServer.LengthIsAsync(10));
        Assert.Equal("0123abcdef", string.Concat(pair.ToServer.All.Select(piece => piece.Text)));
    }

    [Fact]
    public async Task What_is_gathered_goes_on_the_flush()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync("up: delay=50ms");
        foreach (Connection side in new[] { pair.ServerSide, pair.ClientSide })
        {
            PipeWriter output = side.Output;
            FaultedPair.Bytes("ab").CopyTo(output.GetMemory(2));
            output.Advance(2);
            await output.WriteAsync(FaultedPair.Bytes("cd"));
            FaultedPair.Bytes("ef").CopyTo(output.GetMemory(2));
            output.Advance(2);
            await output.FlushAsync();
        }

        await pair.Clock.PassUntilAsync(pair.ToServer.CountIsAsync(2));
        Assert.Equal([(50, "abcd"), (50, "ef")], pair.ToServer.All);
        Assert.Equal("abcdef", string.Concat(pair.ToClient.All.Select(piece => piece.Text)));
    }

    [Fact]
    public async Task A_message_is_never_cut()
    {
        await using FaultedPair pair = await FaultedPair.StartAsync(new FaultControl(FaultPlan.Parse("delay=5ms, rate=80kbit")) { QueueBytesMax = 100 }, "unix-seqpacket:///1000");
        await Write(pair, new string('x', 250));
        await pair.Clock.PassUntilAsync(pair.ToServer.CountIsAsync(1));

        Assert.Equal([(30, 250)], pair.ToServer.All.Select(piece => (piece.Milliseconds, piece.Text.Length)));
    }

    private static Task<FlushResult> Write(FaultedPair pair, string text) => pair.ServerSide.Output.WriteAsync(FaultedPair.Bytes(text)).AsTask();

    private static async Task WriteAndEndAsync(FaultedPair pair, string text)
    {
        await Write(pair, text);
        await pair.ServerSide.Output.CompleteAsync();
    }

    private static async Task<(double Milliseconds, string Text)[]> JitteredAsync(int seed)
    {
        const int Count = 50;
        await using FaultedPair pair = await FaultedPair.StartAsync("delay=50ms±10ms", seed);
        for (int i = 0; i < Count; i++)
            await Write(pair, $"{i};");
        await pair.Clock.PassUntilAsync(pair.ToServer.CountIsAsync(Count));
        return pair.ToServer.All;
    }
}
