using System.Net;
using Sockeye.Hub.Gateways.Udp;
using Sockeye.Tests.Time;

namespace Sockeye.Hub.Tests.Gateways.Udp;

/// <summary>Tokens: for one address and one time.</summary>
public class AddressTokensTests
{
    private static readonly IPEndPoint Tom = new(IPAddress.Parse("192.0.2.1"), 4711);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ManualTimeProvider _clock = new();
    private readonly AddressTokens _tokens;

    public AddressTokensTests() => _tokens = new AddressTokens(new byte[32], _clock, Lifetime);

    [Fact]
    public void A_token_is_good_for_its_lifetime_and_bad_after_twice_that()
    {
        _clock.Advance(Lifetime - TimeSpan.FromSeconds(1));
        string token = _tokens.Make(Tom);

        Assert.Matches($"^[0-9a-z]{{{AddressTokens.Characters}}}$", token);
        _clock.Advance(Lifetime);
        Assert.True(_tokens.IsGood(token, Tom));
        Assert.True(_tokens.IsGood(token.ToUpperInvariant(), Tom));
        _clock.Advance(Lifetime);
        Assert.False(_tokens.IsGood(token, Tom));
    }

    [Theory]
    [InlineData("192.0.2.1", 4712)]
    [InlineData("192.0.2.2", 4711)]
    [InlineData("2001:db8::1", 4711)]
    public void It_is_good_for_no_other_address(string host, int port) =>
        Assert.False(_tokens.IsGood(_tokens.Make(Tom), new IPEndPoint(IPAddress.Parse(host), port)));

    [Fact]
    public void Another_start_of_the_hub_has_others() =>
        Assert.False(new AddressTokens([.. Enumerable.Repeat((byte)1, 32)], _clock, Lifetime).IsGood(_tokens.Make(Tom), Tom));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("000000000000")]
    [InlineData("0000000000000000000000000000")]
    public void Others_are_bad(string token) => Assert.False(_tokens.IsGood(token, Tom));
}
