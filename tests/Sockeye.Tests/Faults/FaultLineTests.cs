namespace Sockeye.Tests.Faults;

public class FaultLineTests
{
    [Fact]
    public void Bytes_leave_one_after_the_other()
    {
        FaultLine line = new();

        Assert.Equal(1, line.Send(125, 1_000_000, TimeSpan.Zero, TimeSpan.Zero).TotalMilliseconds);
        Assert.Equal(2, line.Send(125, 1_000_000, TimeSpan.Zero, TimeSpan.Zero).TotalMilliseconds);
        Assert.Equal(11, line.Send(125, 1_000_000, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10)).TotalMilliseconds);
    }

    [Fact]
    public void What_is_less_than_a_tick_is_not_lost()
    {
        FaultLine line = new();
        TimeSpan last = default;
        for (int i = 0; i < 1_000_000; i++)
            last = line.Send(1, 1_000_000_000, TimeSpan.Zero, TimeSpan.Zero);

        Assert.Equal(8, last.TotalMilliseconds);
    }

    [Fact]
    public void Lateness_is_made_up_for_to_a_limit()
    {
        FaultLine line = new();
        TimeSpan late = FaultLine.DepthMax + FaultLine.DepthMax;

        Assert.Equal(FaultLine.DepthMax + TimeSpan.FromMilliseconds(1), line.Send(125, 1_000_000, TimeSpan.Zero, late));
        Assert.Equal(TimeSpan.FromMilliseconds(51), new FaultLine().Send(125, 1_000_000, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(90)));
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(80_000, 100)]
    [InlineData(1_000_000, 1250)]
    [InlineData(FaultPlan.RateMax, 65536)]
    public void Parts_are_ten_milliseconds_of_the_rate(long rate, int bytes) => Assert.Equal(bytes, FaultLine.PartOf(rate));
}
