namespace Sockeye.Repository.Tests;

public class SoakLevelTests
{
    [Fact]
    public void The_form_follows_the_environment()
    {
        bool isLong = Environment.GetEnvironmentVariable("SOCKEYE_SOAK") == "1";

        Assert.Equal(isLong, SoakLevel.IsLong);
        Assert.Equal(isLong ? 100 : 1, SoakLevel.Scale(1, 100));
        Assert.Equal(isLong ? SoakLevel.LongDuration : TimeSpan.FromSeconds(1), SoakLevel.Duration(TimeSpan.FromSeconds(1)));
    }
}
