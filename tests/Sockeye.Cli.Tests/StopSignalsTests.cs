namespace Sockeye.Cli.Tests;

public class StopSignalsTests
{
    private readonly Clock _clock = new();
    private readonly List<int> _exits = [];

    [Fact]
    public void The_first_asks_and_the_second_ends()
    {
        using StopSignals signals = new(_exits.Add, _clock);
        Assert.False(signals.Token.IsCancellationRequested);

        signals.Request();
        Assert.True(signals.Token.IsCancellationRequested);
        Assert.Empty(_exits);

        _clock.Now = StopSignals.EchoTime;
        signals.Request();
        Assert.Equal([ExitCodes.Interrupted], _exits);
    }

    [Fact]
    public void Before_the_end_comes_what_must_not_be_left_behind()
    {
        using StopSignals signals = new(_exits.Add, _clock);
        int exitsThen = -1;
        signals.Exiting += () => exitsThen = _exits.Count;

        signals.Request();
        Assert.Equal(-1, exitsThen);
        _clock.Now = StopSignals.EchoTime;
        signals.Request();

        Assert.Equal((0, 1), (exitsThen, _exits.Count));
    }

    [Fact]
    public void The_same_wish_told_twice_is_one()
    {
        using StopSignals signals = new(_exits.Add, _clock);

        signals.Request();
        signals.Request();
        _clock.Now = StopSignals.EchoTime - TimeSpan.FromTicks(1);
        signals.Request();

        Assert.Empty(_exits);
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
