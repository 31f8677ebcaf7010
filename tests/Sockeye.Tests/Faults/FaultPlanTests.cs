namespace Sockeye.Tests.Faults;

/// <summary>What plans say, and what is said of those that are none.</summary>
public class FaultPlanTests
{
    [Theory]
    [InlineData("", "none")]
    [InlineData("none", "none")]
    [InlineData("delay=0ms, drop=0%, merge=0s, slow-close=0s", "none")]
    [InlineData("delay=50ms±10ms, rate=1mbit, slice=1, merge=20ms, cut-after=4096, half-open, reset, drop=1%, refuse=3", "delay=50ms±10ms, rate=1mbit, slice=1, merge=20ms, cut-after=4096, drop=1%, half-open, reset, refuse=3")]
    [InlineData("delay=50ms+-10ms", "delay=50ms±10ms")]
    [InlineData(" delay = 1000ms ,slice=7 ", "delay=1s, slice=7")]
    [InlineData("delay=0.5ms", null)]
    [InlineData("delay=250us", "delay=0.25ms")]
    [InlineData("delay=0.0001ms", null)]
    [InlineData("merge=1.5m", "merge=90s")]
    [InlineData("delay=0ms±5ms", null)]
    [InlineData("rate=1500kbit", null)]
    [InlineData("rate=1.5mbit", "rate=1500kbit")]
    [InlineData("rate=125kB/s", "rate=1mbit")]
    [InlineData("rate=100gbit", null)]
    [InlineData("rate=1B/s", "rate=8bit")]
    [InlineData("drop=0.50%, corrupt=12.3456%", "drop=0.5%, corrupt=12.3456%")]
    [InlineData("up: delay=50ms; down: rate=1mbit, slice=1", null)]
    [InlineData("up: delay=50ms; down: delay=50ms", "delay=50ms")]
    [InlineData("delay=50ms; up: slice=1", null)]
    [InlineData("delay=50ms; up: delay=0ms", "down: delay=50ms")]
    [InlineData("up: delay=10ms; delay=50ms", "up: delay=10ms; down: delay=50ms")]
    [InlineData("up: cut-after=100, reset; down: cut-after=200", "reset; up: cut-after=100; down: cut-after=200")]
    [InlineData("reset=5s, half-open", "half-open, reset=5s")]
    [InlineData("reset=0s", "reset")]
    [InlineData("refuse", null)]
    public void A_plan_is_printed_as_shortly_as_it_can_be(string text, string? printed)
    {
        FaultPlan plan = FaultPlan.Parse(text);

        Assert.Equal(printed ?? text, plan.ToString());
        Assert.Equal(plan, FaultPlan.Parse(plan.ToString()));
    }

    [Fact]
    public void Every_word_is_where_it_belongs()
    {
        FaultPlan plan = FaultPlan.Parse("up: delay=1ms±2ms, rate=3kbit, slice=4, merge=5ms, cut-after=6, drop=7%, duplicate=8%, reorder=9%, corrupt=10%, slow-close=11ms; down: slice=12; half-open, reset=13ms, refuse=14");

        Assert.Equal(
            new DirectionFaults
            {
                Delay = TimeSpan.FromMilliseconds(1),
                Jitter = TimeSpan.FromMilliseconds(2),
                Rate = 3_000,
                Slice = 4,
                Merge = TimeSpan.FromMilliseconds(5),
                CutAfter = 6,
                Drop = 7,
                Duplicate = 8,
                Reorder = 9,
                Corrupt = 10,
                SlowClose = TimeSpan.FromMilliseconds(11),
            },
            plan.Up);
        Assert.Equal(new DirectionFaults { Slice = 12 }, plan.Down);
        Assert.Equal((true, TimeSpan.FromMilliseconds(13), 14), (plan.IsHalfOpen, plan.Reset, plan.Refuse));
        Assert.Equal(FaultPlan.RefuseAll, FaultPlan.Parse("refuse").Refuse);
    }

    [Theory]
    [InlineData("dealy=50ms", "at 1, \"dealy\" is unknown; did you mean \"delay\"? There are delay, rate, slice, merge, cut-after, drop, duplicate, reorder, corrupt, slow-close, half-open, reset and refuse")]
    [InlineData("delay=50ms, xyzzyx", "at 13, \"xyzzyx\" is unknown; there are delay,")]
    [InlineData("up: slice=1; down:  slcie=1", "at 21, \"slcie\" is unknown; did you mean \"slice\"?")]
    [InlineData("close=5s", "at 1, \"close\" is unknown; did you mean \"slow-close\"?")]
    [InlineData("cut=5", "at 1, \"cut\" is unknown; did you mean \"cut-after\"?")]
    [InlineData("half", "at 1, \"half\" is unknown; did you mean \"half-open\"?")]
    [InlineData("delay=50", "at 1, \"delay=50\" is not right: delay is a time from 0 to 1h")]
    [InlineData("delay", "delay is a time from 0 to 1h")]
    [InlineData("delay=61m", "delay is a time from 0 to 1h")]
    [InlineData("delay=-1ms", "delay is a time from 0 to 1h")]
    [InlineData("delay=1ms±2ms±3ms", "delay is a time from 0 to 1h")]
    [InlineData("merge=0.00001ms", "merge is a time from 0 to 1h")]
    [InlineData("rate=7bit", "rate is a rate from 8bit to 100gbit")]
    [InlineData("rate=101gbit", "rate is a rate from 8bit to 100gbit")]
    [InlineData("rate=1mb", "rate is a rate from 8bit to 100gbit")]
    [InlineData("slice=0", "slice is a number of bytes from 1 to 1048576")]
    [InlineData("slice=1048577", "slice is a number of bytes from 1 to 1048576")]
    [InlineData("slice=1k", "slice is a number of bytes from 1 to 1048576")]
    [InlineData("cut-after=0", "cut-after is a number of bytes from 1 to 1099511627776")]
    [InlineData("cut-after=1099511627777", "cut-after is a number of bytes from 1 to 1099511627776")]
    [InlineData("drop=101%", "drop is a percentage from 0% to 100%")]
    [InlineData("drop=1", "drop is a percentage from 0% to 100%")]
    [InlineData("drop=0.00001%", "drop is a percentage from 0% to 100%")]
    [InlineData("refuse=0", "refuse is written alone, or a number of connections from 1 to 1000000")]
    [InlineData("refuse=1000001", "refuse is written alone, or a number of connections from 1 to 1000000")]
    [InlineData("half-open=1s", "half-open is written without a value")]
    [InlineData("slice=1, slice=2", "at 10, \"slice\" is given twice")]
    [InlineData("up: reset; down: reset", "at 18, \"reset\" is given twice")]
    [InlineData("upward: slice=1", "at 1, \"upward\" is no direction; they are up: (client to target) and down:")]
    [InlineData("slice=1,", "at 9, a fault is missing")]
    [InlineData("up:", "a fault is missing")]
    public void What_is_wrong_is_said_and_where(string text, string expected)
    {
        Assert.False(FaultPlan.TryParse(text, out FaultPlan? plan, out string? error));

        Assert.Null(plan);
        Assert.StartsWith($"The faults \"{text}\" are not valid: ", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal(error, Assert.Throws<FormatException>(() => FaultPlan.Parse(text)).Message);
    }

    [Fact]
    public void A_text_has_a_limit()
    {
        string longest = "slice=1".PadRight(FaultPlan.LengthMax);

        Assert.Equal("slice=1", FaultPlan.Parse(longest).ToString());
        Assert.Contains($"more than {FaultPlan.LengthMax}", Assert.Throws<FormatException>(() => FaultPlan.Parse(longest + " ")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_is_held_to_the_same_limits()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirectionFaults { Delay = TimeSpan.FromTicks(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirectionFaults { Delay = FaultPlan.TimeMax + TimeSpan.FromTicks(1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirectionFaults { Rate = FaultPlan.RateMin - 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirectionFaults { Slice = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirectionFaults { CutAfter = FaultPlan.CutAfterMax + 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirectionFaults { Drop = 100.0001m });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirectionFaults { Corrupt = 0.00001m });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FaultPlan { Refuse = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FaultPlan { Reset = TimeSpan.FromTicks(-1) });
    }

    [Theory]
    [InlineData("slice=1", "udp://127.0.0.1:1", "slice is for streams of bytes, and udp://127.0.0.1:1 is not: remove it")]
    [InlineData("merge=1ms", "unix-seqpacket:///a", "merge is for streams of bytes")]
    [InlineData("cut-after=1", "udp://127.0.0.1:1", "cut-after is for connections")]
    [InlineData("half-open", "unix-dgram:///a", "half-open is for connections")]
    [InlineData("down: slow-close=1s", "udp://127.0.0.1:1", "slow-close is for connections")]
    [InlineData("refuse=1", "udp://127.0.0.1:1", "refuse is for connections")]
    [InlineData("up: duplicate=1%", "tcp://127.0.0.1:1", "duplicate is for datagrams")]
    [InlineData("reorder=1%", "wss://localhost/", "reorder is for datagrams")]
    [InlineData("delay=1ms, rate=1mbit, slice=1, merge=1ms, cut-after=1, reset, drop=1%, corrupt=1%, slow-close=1s, refuse", "unix:///a", null)]
    [InlineData("delay=1ms, rate=1mbit, cut-after=1, reset, drop=1%, corrupt=1%, slow-close=1s, refuse", "unix-seqpacket:///a", null)]
    [InlineData("delay=1ms, rate=1mbit, drop=1%, duplicate=1%, reorder=1%, corrupt=1%", "udp://127.0.0.1:1", null)]
    public void What_makes_no_sense_at_an_address_is_refused(string text, string address, string? expected)
    {
        FaultPlan plan = FaultPlan.Parse(text);
        if (expected is null)
        {
            Assert.Null(plan.FindProblem(address));
            Assert.Equal(plan, new FaultControl(plan, [address]).Plan);
            return;
        }

        Assert.StartsWith(expected, plan.FindProblem(address), StringComparison.Ordinal);
        Assert.StartsWith(expected, Assert.Throws<ArgumentException>(() => new FaultControl(plan, ["tcp://127.0.0.1:2", address])).Message, StringComparison.Ordinal);
        FaultControl running = new(FaultPlan.None, [address]);
        Assert.Throws<ArgumentException>(() => running.Plan = plan);
        Assert.Same(FaultPlan.None, running.Plan);
    }
}
