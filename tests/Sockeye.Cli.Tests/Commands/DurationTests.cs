using Sockeye.Cli.Commands;

namespace Sockeye.Cli.Tests.Commands;

public class DurationTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("5s", 5_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("24h", 86_400_000)]
    [InlineData("0s", 0)]
    public void A_time_has_a_number_and_a_unit(string text, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Duration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("5 s")]
    [InlineData("5S")]
    [InlineData("1e3s")]
    [InlineData("25h")]
    [InlineData("NaNs")]
    [InlineData("99999999999999999999999h")]
    [InlineData("5d")]
    public void Anything_else_is_none(string text) => Assert.Null(Duration.Parse(text));

    [Theory]
    [InlineData("500ms")]
    [InlineData("1500ms")]
    [InlineData("5s")]
    [InlineData("2m")]
    [InlineData("24h")]
    [InlineData("0ms")]
    public void What_is_printed_is_read_back(string text) => Assert.Equal(text, Duration.Print(Duration.Parse(text)!.Value));
}
