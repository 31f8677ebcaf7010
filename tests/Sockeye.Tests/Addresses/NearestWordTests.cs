namespace Sockeye.Tests.Addresses;

public class NearestWordTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("tcp", "tcp", 0)]
    [InlineData("tpc", "tcp", 1)]
    [InlineData("tc", "tcp", 1)]
    [InlineData("tccp", "tcp", 1)]
    [InlineData("txp", "tcp", 1)]
    [InlineData("", "tcp", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void A_slip_of_the_finger_counts_one(string first, string second, int distance)
    {
        Assert.Equal(distance, NearestWord.Distance(first, second));
        Assert.Equal(distance, NearestWord.Distance(second, first));
    }

    [Theory]
    [InlineData("TPC", "tcp")]
    [InlineData("udpp", "udp")]
    [InlineData("unixdgram", "unix-dgram")]
    [InlineData("dgram", "unix-dgram")]
    [InlineData("unix", "unix")]
    [InlineData("zzzzzz", null)]
    [InlineData("", null)]
    public void The_nearest_word_is_found_unless_none_is_near(string word, string? expected) =>
        Assert.Equal(expected, NearestWord.Find(word, ["tcp", "udp", "unix", "unix-dgram"]));

    [Fact]
    public void A_word_longer_than_any_known_one_costs_nothing() => Assert.Null(NearestWord.Find(new string('t', 100_000), ["tcp"]));
}
