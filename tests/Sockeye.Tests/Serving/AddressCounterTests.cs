using System.Net;

namespace Sockeye.Tests.Serving;

public class AddressCounterTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::ffff:10.0.0.1", "::ffff:10.0.0.2", false)]
    [InlineData("::1", "127.0.0.1", false)]
    public void Peers_count_together(string one, string other, bool together) =>
        Assert.Equal(together, Key(one) == Key(other));

    [Fact]
    public void Only_internet_addresses_count() =>
        Assert.Null(AddressCounter.KeyOf(new System.Net.Sockets.UnixDomainSocketEndPoint("/tmp/x")) ?? AddressCounter.KeyOf(null));

    [Fact]
    public void Who_has_left_may_enter_again()
    {
        AddressCounter counter = new(2);
        UInt128 key = Key("10.0.0.1");
        Assert.True(counter.TryEnter(key));
        Assert.True(counter.TryEnter(key));
        Assert.False(counter.TryEnter(key));
        counter.Leave(key);
        Assert.True(counter.TryEnter(key));
        counter.Leave(key);
        counter.Leave(key);
        Assert.True(counter.TryEnter(key));
    }

    private static UInt128 Key(string address) => AddressCounter.KeyOf(new IPEndPoint(IPAddress.Parse(address), 1))!.Value;
}
