namespace Sockeye.Tests.Serving;

public class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(10);

    [Fact]
    public void The_ceiling_doubles_up_to_the_cap_and_begins_anew()
    {
        Backoff backoff = new(First, Max, new Random(1));
        List<double> ceilings = [];
        for (int i = 0; i < 10; i++)
        {
            ceilings.Add(backoff.Ceiling.TotalMilliseconds);
            backoff.Next();
        }

        backoff.Reset();

        Assert.Equal([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000], ceilings);
        Assert.Equal(First, backoff.Ceiling);
    }

    [Fact]
    public void Every_wait_is_from_zero_to_the_ceiling_over_its_whole_width()
    {
        for (int failures = 0; failures < 10; failures++)
        {
            List<double> parts = [];
            for (int seed = 0; seed < 500; seed++)
            {
                Backoff backoff = new(First, Max, new Random(seed));
                for (int i = 0; i < failures; i++)
                    backoff.Next();
                TimeSpan ceiling = backoff.Ceiling;
                TimeSpan wait = backoff.Next();
                Assert.InRange(wait, TimeSpan.Zero, ceiling);
                parts.Add(wait / ceiling);
            }

            // Uniform: a tenth of 500 is 50, give or take five deviations.
            for (int tenth = 0; tenth < 10; tenth++)
                Assert.InRange(parts.Count(part => (int)(part * 10) == tenth || (part == 1 && tenth == 9)), 17, 83);
        }
    }

    [Fact]
    public void Both_ends_can_be_reached()
    {
        Assert.Equal(TimeSpan.Zero, new Backoff(First, Max, new EdgeRandom(least: true)).Next());
        Assert.Equal(First, new Backoff(First, Max, new EdgeRandom(least: false)).Next());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, long.MaxValue - 1)]
    [InlineData((long.MaxValue / 2) + 1, long.MaxValue - 1)]
    public void However_many_fail_nothing_overflows(long firstTicks, long maxTicks)
    {
        Backoff backoff = new(TimeSpan.FromTicks(firstTicks), TimeSpan.FromTicks(maxTicks), new Random(7));
        for (int i = 0; i < 1000; i++)
            Assert.InRange(backoff.Next().Ticks, 0, maxTicks);

        Assert.Equal(maxTicks, backoff.Ceiling.Ticks);
    }
}
