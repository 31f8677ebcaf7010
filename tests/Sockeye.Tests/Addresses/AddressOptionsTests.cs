namespace Sockeye.Tests.Addresses;

public class AddressOptionsTests
{
    [Fact]
    public void Every_option_has_a_type()
    {
        AddressOptions tcp = Address.Parse(
            "tcp://h:1?backlog=16&nodelay&keepalive=30&sndbuf=64k&rcvbuf=1m&v6only=yes&reuseport=0&ttl=64").Options;
        Assert.Equal(16, tcp.Backlog);
        Assert.True(tcp.NoDelay);
        Assert.Equal(TimeSpan.FromSeconds(30), tcp.KeepAlive);
        Assert.Equal(65536, tcp.SendBufferSize);
        Assert.Equal(1048576, tcp.ReceiveBufferSize);
        Assert.True(tcp.IPv6Only);
        Assert.False(tcp.ReusePort);
        Assert.Equal(64, tcp.TimeToLive);

        Assert.True(Address.Parse("udp://h:1?broadcast=1").Options.Broadcast);
        Assert.True(Address.Parse("udp6://h:1?gro").Options.ReceiveOffload);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            Address.Parse("unix:///a?mode=0640").Options.Mode);
        Assert.Null(Address.Parse("tcp://h:1").Options.NoDelay);
    }

    [Theory]
    [InlineData("tcp://h:1?nodelay", "nodelay=true")]
    [InlineData("tcp://h:1?NoDelay=NO", "nodelay=false")]
    [InlineData("tcp://h:1?sndbuf=1024", "sndbuf=1k")]
    [InlineData("tcp://h:1?sndbuf=2048K&rcvbuf=1025", "sndbuf=2m&rcvbuf=1025")]
    [InlineData("tcp://h:1?rcvbuf=1024m", "rcvbuf=1024m")]
    [InlineData("tcp://h:1?keepalive=32767&backlog=65535", "backlog=65535&keepalive=32767")]
    [InlineData("unix:///a?mode=0600", "mode=600")]
    [InlineData("unix:///a?mode=0", "mode=0")]
    [InlineData("unix:///a?mode=0777", "mode=777")]
    [InlineData("icmp://h?type=raw&ttl=255", "ttl=255")]
    [InlineData("raw://h?protocol=0", "protocol=0")]
    public void Options_print_in_one_way(string text, string printed)
    {
        Address address = Address.Parse(text);

        Assert.Equal(printed, address.Options.ToString());
        Assert.EndsWith("?" + printed, address.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://h:1?backlgo=1", "the option \"backlgo\" is unknown; did you mean \"backlog\"?")]
    [InlineData("tcp://h:1?no-delay", "did you mean \"nodelay\"?")]
    [InlineData("unix:///a?moed=600", "did you mean \"mode\"?")]
    [InlineData("icmp://h?somethingelse", "icmp takes type, sndbuf, rcvbuf and ttl")]
    [InlineData("tcp://h:1?mode=600", "the option \"mode\" is for unix, unix-dgram and unix-seqpacket, not for tcp")]
    [InlineData("unix:///a?nodelay", "is for tcp, tcp4, tcp6 and tls, not for unix")]
    [InlineData("tcp://h:1?gro", "is for udp, udp4 and udp6, not for tcp")]
    [InlineData("tcp4://h:1?v6only", "is for tcp, tcp6, udp, udp6 and tls, not for tcp4")]
    [InlineData("udp://h:1?backlog=1", "not for udp")]
    [InlineData("tcp://h:1?ttl=1&TTL=1", "\"ttl\" is given twice")]
    [InlineData("tcp://h:1?backlog=0", "\"backlog=0\" is not valid: backlog is a whole number from 1 to 65535")]
    [InlineData("tcp://h:1?backlog=65536", "from 1 to 65535")]
    [InlineData("tcp://h:1?backlog=+5", "from 1 to 65535")]
    [InlineData("tcp://h:1?backlog", "from 1 to 65535")]
    [InlineData("tcp://h:1?keepalive=0", "seconds from 1 to 32767")]
    [InlineData("tcp://h:1?keepalive=32768", "seconds from 1 to 32767")]
    [InlineData("tcp://h:1?ttl=256", "from 1 to 255")]
    [InlineData("tcp://h:1?sndbuf=1023", "bytes from 1k to 1024m")]
    [InlineData("tcp://h:1?sndbuf=1025m", "bytes from 1k to 1024m")]
    [InlineData("tcp://h:1?sndbuf=1g", "bytes from 1k to 1024m")]
    [InlineData("tcp://h:1?sndbuf=k", "bytes from 1k to 1024m")]
    [InlineData("tcp://h:1?nodelay=", "true, false, yes, no, 1 or 0")]
    [InlineData("tcp://h:1?nodelay=maybe", "true, false, yes, no, 1 or 0")]
    [InlineData("unix:///a?mode=800", "an octal number from 0 to 777")]
    [InlineData("unix:///a?mode=1777", "an octal number from 0 to 777")]
    [InlineData("abstract://a?type=raw", "abstract is stream, dgram or seqpacket")]
    [InlineData("abstract://a?type=banana", "type is a socket type")]
    [InlineData("abstract://a?type=dgram&backlog=1", "sockets that listen")]
    [InlineData("icmp://h?type=stream", "icmp is raw or dgram")]
    [InlineData("raw://h?protocol=256", "from 0 to 255")]
    [InlineData("tcp://h:1?", "an option is empty")]
    [InlineData("tcp://h:1?ttl=1&", "an option is empty")]
    [InlineData("tcp://h:1?=1", "an option is empty")]
    public void What_is_wrong_with_an_option_is_said(string text, string expected)
    {
        Assert.False(Address.TryParse(text, out _, out string? error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_equal_by_value()
    {
        AddressOptions first = Address.Parse("tcp://h:1?ttl=1&nodelay").Options;
        AddressOptions second = Address.Parse("udp://other:2?ttl=1").Options;

        Assert.Equal(first, Address.Parse("tcp6://x:1?nodelay=yes&ttl=1").Options);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Every_option_belongs_to_schemes_that_exist() =>
        Assert.All(AddressOptionTable.All, option => Assert.All(option.Schemes, name => Assert.NotNull(AddressSchemes.Find(name))));
}
