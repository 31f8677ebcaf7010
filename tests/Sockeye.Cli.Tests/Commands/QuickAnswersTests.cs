using Sockeye.Cli.Commands;

namespace Sockeye.Cli.Tests.Commands;

public class QuickAnswersTests
{
    [Fact]
    public void The_version_is_a_number_alone() => Assert.Matches(@"^\d+\.\d+\.\d+\n$", QuickAnswers.For(["--version"]));

    [Fact]
    public void Called_with_nothing_it_shows_three_examples() =>
        Assert.Equal(3, QuickAnswers.For([])!.Split('\n').Count(line => line.StartsWith("  sockeye ", StringComparison.Ordinal)));

    [Theory]
    [InlineData("serve")]
    [InlineData("--help")]
    public void Everything_else_takes_the_long_way(string argument) => Assert.Null(QuickAnswers.For([argument]));
}
