namespace Sockeye.Tests.Addresses;

public class AddressRefusalTests
{
    [Theory]
    [InlineData("", "it is empty; try tcp://localhost:8888")]
    [InlineData("tpc://localhost:80", "the scheme \"tpc\" is unknown; try tcp://localhost:80")]
    [InlineData("htps://a", "try https://a")]
    [InlineData("unix-packet:///a", "try unix-seqpacket:///a")]
    [InlineData("gopher-plus://a", "known are tcp, tcp4")]
    [InlineData("://a", "known are tcp, tcp4")]
    [InlineData("tcp:///a", "tcp has no path; remove \"/a\"")]
    [InlineData("tcp:localhost:/80", "two slashes follow a scheme")]
    [InlineData("unix:/tmp/a", "try unix:///tmp/a")]
    [InlineData("tcp:/localhost:80", "try tcp://localhost:80")]
    [InlineData("/tmp/a.sock", "try unix:///tmp/a.sock")]
    [InlineData("./a.sock", "try unix://./a.sock")]
    [InlineData("8888", "try :8888")]
    [InlineData("localhost", "it has no port; try tcp://localhost:8888")]
    [InlineData("tcp://localhost", "it has no port; try tcp://localhost:8888")]
    [InlineData("tcp://localhost:", "it has no port; try tcp://localhost:8888")]
    [InlineData("udp://[::1]", "it has no port; try udp://[::1]:8888")]
    [InlineData("tls://", "it has no port; try tls://localhost:8888")]
    [InlineData("icmp://", "it has no host; try icmp://localhost")]
    [InlineData("http:///x", "it has no host; try http://localhost")]
    [InlineData("http://h:/x", "it has no port")]
    [InlineData("icmp://localhost:80", "icmp has no ports; remove \":80\"")]
    [InlineData("icmp://*", "try icmp://0.0.0.0 or icmp://[::]")]
    [InlineData("tcp://h:70000", "the port \"70000\" is out of range; ports are 0 to 65535")]
    [InlineData("tcp://h:65536", "out of range")]
    [InlineData("tcp://h:99999999999999999999", "out of range")]
    [InlineData("tcp://h:+80", "the port \"+80\" is not a decimal number from 0 to 65535")]
    [InlineData("tcp://h:-1", "not a decimal number")]
    [InlineData("tcp://h:080", "not a decimal number")]
    [InlineData("tcp://h:0x50", "not a decimal number")]
    [InlineData("tcp://h:٨٠", "not a decimal number")]
    [InlineData("tcp://h:http", "not a decimal number")]
    [InlineData("tcp://h: 80", "there is a space at position 9")]
    [InlineData(" tcp://h:80", "there is a space at position 1")]
    [InlineData("tcp://h:80\n", "U+000A at position 11")]
    [InlineData("tcp://h\u200B:80", "U+200B at position 8")]
    [InlineData("unix:///a\u00A0b", "write %C2%A0 in a path")]
    [InlineData("unix:///a b", "write %20 in a path")]
    [InlineData("unix:///a\\b", "%5C")]
    [InlineData("tcp://h:80#x", "addresses have no fragment")]
    [InlineData("http://h/a#x", "addresses have no fragment")]
    [InlineData("tcp://a\\b:80", "backslash")]
    [InlineData("tcp://me:secret@h:80", "remove \"me:secret@\"")]
    [InlineData("http://me@h/", "remove \"me@\"")]
    [InlineData("tcp://::1:8888", "try tcp://[::1]:8888")]
    [InlineData("::1", "try tcp://[::1]:8888")]
    [InlineData("tcp://fe80::1%2", "try tcp://[fe80::1%2]:8888")]
    [InlineData("icmp://::1", "try icmp://[::1]")]
    [InlineData("http://2001:db8::1/", "try http://[2001:db8::1]:8888")]
    [InlineData("tcp://a:b:c", "more than one colon")]
    [InlineData("tcp://[::1:80", "the [ has no ]")]
    [InlineData("tcp://[::1]80", "only a port may follow")]
    [InlineData("tcp://[]:80", "is not an IPv6 address")]
    [InlineData("tcp://[1.2.3.4]:80", "is not an IPv6 address")]
    [InlineData("tcp://[::1/64]:80", "has no path")]
    [InlineData("tcp://[::ffff:1.2.3.04]:80", "is not an IPv6 address")]
    [InlineData("tcp://[[::1]]:80", "only a port may follow")]
    [InlineData("tcp://[fe80::1%]:80", "the zone \"\" is neither")]
    [InlineData("tcp://[fe80::1%nosuchinterface]:80", "the zone \"nosuchinterface\" is neither")]
    [InlineData("tcp://[fe80::1%4294967296]:80", "the zone \"4294967296\" is neither")]
    [InlineData("tcp4://[::1]:80", "::1 is IPv6, which tcp4 excludes; try tcp6://")]
    [InlineData("udp6://1.2.3.4:80", "1.2.3.4 is IPv4, which udp6 excludes; try udp4://")]
    [InlineData("tcp://127.1:80", "looks like a number")]
    [InlineData("tcp://0x7f.1:80", "looks like a number")]
    [InlineData("tcp://a.0x7f:80", "looks like a number")]
    [InlineData("tcp://010.0.0.1:80", "looks like a number")]
    [InlineData("tcp://1.2.3.256:80", "looks like a number")]
    [InlineData("tcp://1.2.3.4.5:80", "looks like a number")]
    [InlineData("tcp://1.2.3.4.:80", "looks like a number")]
    [InlineData("tcp://2130706433:80", "looks like a number")]
    [InlineData("tcp://a..b:80", "empty part")]
    [InlineData("tcp://.:80", "empty part")]
    [InlineData("tcp://a$b:80", "the character \"$\" cannot be in a host")]
    [InlineData("tcp://a%20b:80", "the character \"%\" cannot be in a host")]
    [InlineData("tcp://a*:80", "the character \"*\" cannot be in a host")]
    [InlineData("tcp：//localhost：80", "\"：\" is a full-width character; write \":\"")]
    [InlineData("tcp://０x7f:80", "full-width")]
    [InlineData("unix://", "it has no path; try unix:///tmp/name.sock")]
    [InlineData("unix://?mode=600", "it has no path")]
    [InlineData("abstract://", "it has no name")]
    [InlineData("unix://(unnamed)", "which nothing can reach")]
    [InlineData("unix:///a%", "% needs two hexadecimal digits")]
    [InlineData("unix:///a%zz", "% needs two hexadecimal digits")]
    [InlineData("http://h/%4", "% needs two hexadecimal digits")]
    [InlineData("unix:///a%00", "cannot hold %00")]
    public void What_is_wrong_and_what_to_try_are_said(string text, string expected)
    {
        Assert.False(Address.TryParse(text, out Address? address, out string? error));
        Assert.Null(address);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal(error, Assert.Throws<FormatException>(() => Address.Parse(text)).Message);
    }

    [Fact]
    public void What_is_too_long_is_refused_by_its_limit()
    {
        Refuse("http://h/" + new string('a', Address.LengthMax), "more than 4096");
        Refuse("http://h/" + new string('聊', 1000), "once percent-encoded, more than 4096");
        Refuse("unix://" + new string('a', 108), "its path has 108 bytes of UTF-8, but 107 is the system's limit");
        Refuse("unix://" + new string('聊', 36), "has 108 bytes");
        Refuse("abstract://" + new string('a', 108), "has 108 bytes");
        Refuse(new string('a', 64) + ":1", "has 64 characters, more than 63");
        Refuse(string.Join('.', Enumerable.Repeat("abc", 64)) + ":1", "more than 253");
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        Refuse("unix:///a\uD83D", "half of a surrogate pair stands at position 10");
        Refuse("\uDE00:80", "half of a surrogate pair stands at position 1");
    }

    [Fact]
    public void A_message_does_not_repeat_control_characters_or_endless_text()
    {
        Assert.False(Address.TryParse("tcp://\u001b[2J:80" + new string('x', 3000), out _, out string? error));

        Assert.DoesNotContain(error, char.IsControl);
        Assert.InRange(error.Length, 1, 400);
    }

    [Theory]
    [InlineData("tpc://")]
    [InlineData("/")]
    [InlineData("8")]
    [InlineData("tcp://")]
    [InlineData("tcp:/")]
    [InlineData("tcp://h:")]
    [InlineData("tcp://h:1?")]
    [InlineData("tcp://[")]
    [InlineData("tcp://[::1%")]
    [InlineData("tcp://::1%")]
    [InlineData("tcp://a.")]
    public void A_message_stays_short_however_long_the_text(string beginning)
    {
        Assert.False(Address.TryParse(beginning + new string('9', 4000), out _, out string? error));
        Assert.InRange(error.Length, 1, 500);
    }

    [Fact]
    public void Null_is_our_mistake_for_Parse_and_no_address_for_TryParse()
    {
        Assert.Throws<ArgumentNullException>(() => Address.Parse(null!));
        Assert.False(Address.TryParse(null, out _));
    }

    private static void Refuse(string text, string expected)
    {
        Assert.False(Address.TryParse(text, out _, out string? error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }
}
