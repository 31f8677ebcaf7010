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

    [Theory]
    [InlineData(256, 130, "few descriptors: the limit is 256, and 130 are in use already, so 102 connections fit at a time; raise it with 'ulimit -n 4096' before the start")]
    [InlineData(100, 90, "few descriptors: the limit is 100, and 90 are in use already, so 0 connections fit at a time; raise it with 'ulimit -n 4096' before the start")]
    [InlineData(623, 100, "few descriptors: the limit is 623, and 100 are in use already, so 499 connections fit at a time; raise it with 'ulimit -n 4096' before the start")]
    [InlineData(624, 100, null)]
    public void A_server_with_little_room_says_how_many_fit(int limit, int open, string? expected) =>
        Assert.Equal(expected, DescriptorCheck.JudgeRoom([$"Max open files            {limit}                  524288               files"], open, 500));
}
