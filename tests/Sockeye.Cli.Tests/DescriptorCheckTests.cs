namespace Sockeye.Cli.Tests;

public class DescriptorCheckTests
{
    [Theory]
    [InlineData("Max open files            65                   524288               files", 20, true)]
    [InlineData("Max open files            100                  524288               files", 20, false)]
    [InlineData("Max open files            99                   524288               files", 20, true)]
    [InlineData("Max open files            unlimited            unlimited            files", 20, false)]
    [InlineData("Max processes             10                   10                   processes", 20, false)]
    public void What_is_free_is_the_soft_limit_less_what_is_open(string line, int open, bool isProblem)
    {
        string? problem = DescriptorCheck.Judge(["Limit                     Soft Limit           Hard Limit           Units", line], open);

        Assert.Equal(isProblem, problem is not null);
    }
}
