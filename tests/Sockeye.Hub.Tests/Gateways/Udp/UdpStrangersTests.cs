using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sockeye.Hub.Gateways.Udp;

namespace Sockeye.Hub.Tests.Gateways.Udp;

/// <summary>What addresses are answered that may be forged: never more than three times what they sent.</summary>
public class UdpStrangersTests
{
    private static readonly Config Quiet = Config.QuickThrowOnFailure.WithMaxTest(2000).WithQuietOnSuccess(true);
    private static readonly UdpLimits Limits = new();
    private static readonly AddressTokens Tokens = new(new byte[32], TimeProvider.System, Limits.TokenLifetime);
    private static readonly UdpStrangers Strangers = new(Limits, Tokens, 4256);

    private static readonly Gen<byte[]> Datagrams = Gen.OneOf(
        Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(),
        Gen.Elements("/name ", "/token ", "#17 ", "@JACK ", "hello", "quit", "/help", "好", "\n", "123456789012345678 ", "/name TOM").ListOf()
            .Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))));

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    public void The_answer_is_at_most_three_times_what_was_sent_and_has_the_token(string host)
    {
        IPEndPoint from = new(IPAddress.Parse(host), 4711);
        int header = from.Address.GetAddressBytes().Length == 4 ? 28 : 48;
        Prop.ForAll(Datagrams.ToArbitrary(), datagram =>
        {
            byte[] answer = Strangers.AnswerTo(UdpRequest.Read(datagram), from);

            Assert.InRange(answer.Length + header, 1, 3 * (datagram.Length + header));
            Assert.Contains(Tokens.Make(from), Encoding.UTF8.GetString(answer), StringComparison.Ordinal);
        }).Check(Quiet);
    }

    [Fact]
    public void Help_fits_into_one_datagram() =>
        Assert.InRange(Strangers.AnswerTo(UdpRequest.Read("/help"u8), new IPEndPoint(IPAddress.Loopback, 4711)).Length, 1, Limits.PieceBytesMax);

    [Theory]
    [InlineData("127.0.0.1", "/name TOM", "TOM")]
    [InlineData("::1", "/name TOM secret", "TOM secret")]
    [InlineData("127.0.0.1", "/name", null)]
    [InlineData("127.0.0.1", "TOM", null)]
    [InlineData("192.0.2.1", "/name TOM", null)]
    [InlineData("192.0.2.1", "/token 000000000000 TOM", null)]
    public void Who_may_come_in(string host, string datagram, string? name) =>
        Assert.Equal(name, Strangers.NameFor(UdpRequest.Read(Encoding.UTF8.GetBytes(datagram)), new IPEndPoint(IPAddress.Parse(host), 4711)));

    [Fact]
    public void With_the_token_it_may_come_in()
    {
        IPEndPoint from = new(IPAddress.Parse("192.0.2.1"), 4711);

        Assert.Equal("TOM", Strangers.NameFor(UdpRequest.Read(Encoding.UTF8.GetBytes($"/token {Tokens.Make(from)} TOM")), from));
    }
}
