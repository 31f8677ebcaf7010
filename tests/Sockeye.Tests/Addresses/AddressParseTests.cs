using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Addresses;

public class AddressParseTests
{
    [Theory]
    [InlineData("tcp://127.0.0.1:8888", "tcp", "127.0.0.1:8888", SocketType.Stream, ProtocolType.Tcp)]
    [InlineData("tcp://[::1]:8888", "tcp", "[::1]:8888", SocketType.Stream, ProtocolType.Tcp)]
    [InlineData("tcp4://0.0.0.0:0", "tcp4", "0.0.0.0:0", SocketType.Stream, ProtocolType.Tcp)]
    [InlineData("tcp6://[2001:db8::1]:65535", "tcp6", "[2001:db8::1]:65535", SocketType.Stream, ProtocolType.Tcp)]
    [InlineData("udp://255.255.255.255:53", "udp", "255.255.255.255:53", SocketType.Dgram, ProtocolType.Udp)]
    [InlineData("udp4://127.0.0.1:53", "udp4", "127.0.0.1:53", SocketType.Dgram, ProtocolType.Udp)]
    [InlineData("udp6://[::ffff:1.2.3.4]:53", "udp6", "[::ffff:1.2.3.4]:53", SocketType.Dgram, ProtocolType.Udp)]
    [InlineData("tls://10.0.0.1:443", "tls", "10.0.0.1:443", SocketType.Stream, ProtocolType.Tcp)]
    [InlineData("ws://10.0.0.1", "ws", "10.0.0.1:80", SocketType.Stream, ProtocolType.Tcp)]
    [InlineData("wss://10.0.0.1", "wss", "10.0.0.1:443", SocketType.Stream, ProtocolType.Tcp)]
    [InlineData("http://10.0.0.1", "http", "10.0.0.1:80", SocketType.Stream, ProtocolType.Tcp)]
    [InlineData("https://10.0.0.1:8443", "https", "10.0.0.1:8443", SocketType.Stream, ProtocolType.Tcp)]
    [InlineData("icmp://10.0.0.1", "icmp", "10.0.0.1:0", SocketType.Raw, ProtocolType.Icmp)]
    [InlineData("icmp://[::1]", "icmp", "[::1]:0", SocketType.Raw, ProtocolType.IcmpV6)]
    [InlineData("icmp://[::1]?type=dgram", "icmp", "[::1]:0", SocketType.Dgram, ProtocolType.IcmpV6)]
    [InlineData("raw://10.0.0.1", "raw", "10.0.0.1:0", SocketType.Raw, ProtocolType.Raw)]
    [InlineData("raw://10.0.0.1?protocol=17", "raw", "10.0.0.1:0", SocketType.Raw, ProtocolType.Udp)]
    [InlineData("10.0.0.1:80", "tcp", "10.0.0.1:80", SocketType.Stream, ProtocolType.Tcp)]
    [InlineData("[::1]:80", "tcp", "[::1]:80", SocketType.Stream, ProtocolType.Tcp)]
    [InlineData("*:80", "tcp", "[::]:80", SocketType.Stream, ProtocolType.Tcp)]
    [InlineData("tcp4://*:80", "tcp4", "0.0.0.0:80", SocketType.Stream, ProtocolType.Tcp)]
    public void Numeric_addresses_give_IP_end_points(string text, string scheme, string endPoint, SocketType type, ProtocolType protocol)
    {
        Address address = Address.Parse(text);

        Assert.Equal(scheme, address.Scheme);
        Assert.Equal(IPEndPoint.Parse(endPoint), address.EndPoint);
        Assert.Equal(type, address.SocketType);
        Assert.Equal(protocol, address.ProtocolType);
    }

    [Theory]
    [InlineData("tcp://example.com:80", "example.com", 80, AddressFamily.Unspecified)]
    [InlineData("tcp://EXAMPLE.com.:80", "example.com.", 80, AddressFamily.Unspecified)]
    [InlineData("tcp4://a-b_c.d1:1", "a-b_c.d1", 1, AddressFamily.InterNetwork)]
    [InlineData("udp6://host:1", "host", 1, AddressFamily.InterNetworkV6)]
    [InlineData("tcp://例え.jp:80", "例え.jp", 80, AddressFamily.Unspecified)]
    [InlineData("tcp://हिन्दी:80", "हिन्दी", 80, AddressFamily.Unspecified)]
    [InlineData(":8888", "localhost", 8888, AddressFamily.Unspecified)]
    [InlineData("tcp://:80", "localhost", 80, AddressFamily.Unspecified)]
    [InlineData("tcp6://:80", "localhost", 80, AddressFamily.InterNetworkV6)]
    [InlineData("http://:8080/x", "localhost", 8080, AddressFamily.Unspecified)]
    [InlineData("localhost:8888", "localhost", 8888, AddressFamily.Unspecified)]
    [InlineData("tcp:8888", "tcp", 8888, AddressFamily.Unspecified)]
    [InlineData("icmp://example.com", "example.com", 0, AddressFamily.Unspecified)]
    public void Names_give_DNS_end_points(string text, string host, int port, AddressFamily family)
    {
        DnsEndPoint endPoint = Assert.IsType<DnsEndPoint>(Address.Parse(text).EndPoint);

        Assert.Equal((host, port, family), (endPoint.Host, endPoint.Port, endPoint.AddressFamily));
    }

    [Theory]
    [InlineData("unix:///tmp/a.sock", "/tmp/a.sock", SocketType.Stream)]
    [InlineData("unix://a.sock", "a.sock", SocketType.Stream)]
    [InlineData("unix:///tmp/聊天室.sock", "/tmp/聊天室.sock", SocketType.Stream)]
    [InlineData("unix:///a%20b%3F%23%25%0A", "/a b?#%\n", SocketType.Stream)]
    [InlineData("unix://%28unnamed)", "(unnamed)", SocketType.Stream)]
    [InlineData("unix-dgram:///d", "/d", SocketType.Dgram)]
    [InlineData("unix-seqpacket:///s", "/s", SocketType.Seqpacket)]
    [InlineData("abstract://name", "\0name", SocketType.Stream)]
    [InlineData("abstract://a%00b", "\0a\0b", SocketType.Stream)]
    [InlineData("abstract://name?type=dgram", "\0name", SocketType.Dgram)]
    [InlineData("abstract://name?type=seqpacket&backlog=3", "\0name", SocketType.Seqpacket)]
    public void Paths_and_abstract_names_give_Unix_end_points(string text, string path, SocketType type)
    {
        Address address = Address.Parse(text);

        Assert.Equal(new UnixDomainSocketEndPoint(path), address.EndPoint);
        Assert.Equal(type, address.SocketType);
        Assert.Equal(ProtocolType.Unspecified, address.ProtocolType);
        Assert.Equal(("", 0), (address.Host, address.Port));
    }

    [Theory]
    [InlineData("ws://h/chat?room=1", "/chat?room=1", "ws://h/chat?room=1")]
    [InlineData("ws://h", "/", "ws://h/")]
    [InlineData("http://h?q", "/?q", "http://h/?q")]
    [InlineData("http://h:80/", "/", "http://h/")]
    [InlineData("http://h:443/", "/", "http://h:443/")]
    [InlineData("https://h/聊", "/%E8%81%8A", "https://h/%E8%81%8A")]
    [InlineData("http://h/a|b%2f?nodelay=9", "/a%7Cb%2f?nodelay=9", "http://h/a%7Cb%2f?nodelay=9")]
    [InlineData("http://[::1]:81/@x", "/@x", "http://[::1]:81/@x")]
    public void The_path_of_a_web_address_is_ready_for_a_request_line(string text, string path, string printed)
    {
        Address address = Address.Parse(text);

        Assert.Equal(path, address.Path);
        Assert.Equal(printed, address.ToString());
        Assert.Equal(AddressOptions.None, address.Options);
    }

    [Theory]
    [InlineData("TCP://LocalHost:080", null)]
    [InlineData("TCP://LocalHost:80", "tcp://localhost:80")]
    [InlineData("tcp://[::]:80", "tcp://*:80")]
    [InlineData("udp://*:80", "udp://*:80")]
    [InlineData("tcp6://*:80", "tcp6://[::]:80")]
    [InlineData("tcp4://*:80", "tcp4://0.0.0.0:80")]
    [InlineData("tcp://0.0.0.0:80", "tcp://0.0.0.0:80")]
    [InlineData("tcp://[0:0:0::0001]:80", "tcp://[::1]:80")]
    [InlineData("tcp://[fe80::1%2]:80", "tcp://[fe80::1%2]:80")]
    [InlineData("tcp://[fe80::1%0]:80", "tcp://[fe80::1]:80")]
    [InlineData(":80?ttl=4&backlog=9", "tcp://localhost:80?backlog=9&ttl=4")]
    [InlineData("unix:///%61%E8%81%8A%FF", "unix:///a聊%FF")]
    [InlineData("unix:///a%E2%80%AEb", "unix:///a%E2%80%AEb")]
    [InlineData("abstract://x?type=stream", "abstract://x")]
    [InlineData("raw://1.2.3.4?protocol=255", "raw://1.2.3.4")]
    public void Printing_is_canonical(string text, string? printed)
    {
        Assert.Equal(printed is not null, Address.TryParse(text, out Address? address));
        Assert.Equal(printed, address?.ToString());
    }

    [Theory]
    [InlineData("tcp://h:1", false)]
    [InlineData("ws://h", false)]
    [InlineData("http://h", false)]
    [InlineData("tls://h:1", true)]
    [InlineData("wss://h", true)]
    [InlineData("https://h", true)]
    public void Encryption_is_the_schemes_choice(string text, bool isTls) => Assert.Equal(isTls, Address.Parse(text).IsTls);

    [Fact]
    public void A_zone_may_be_the_name_of_an_interface()
    {
        string? name = System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
            .Select(item => item.Name).FirstOrDefault(candidate => candidate.All(char.IsAsciiLetterOrDigit));
        Assert.SkipWhen(name is null, "this system has no interface with a plain name");

        IPEndPoint endPoint = (IPEndPoint)Address.Parse($"tcp://[fe80::1%{name}]:80").EndPoint;

        Assert.NotEqual(0, endPoint.Address.ScopeId);
    }

    [Fact]
    public void A_text_becomes_an_address_where_one_is_wanted()
    {
        Address address = "tcp://localhost:80";

        Assert.Equal(Address.Parse("localhost:80"), address);
        Assert.Throws<FormatException>(() => (Address)"tcp://localhost");
    }

    [Fact]
    public void Addresses_that_differ_anywhere_are_not_equal()
    {
        string[] texts =
        [
            "tcp://h:1", "tcp4://h:1", "tcp6://h:1", "tls://h:1", "udp://h:1", "tcp://h:2", "tcp://g:1", "tcp://h.:1", "tcp://h:1?ttl=1",
            "tcp://h:1?ttl=2", "tcp://h:1?backlog=1", "tcp://h:1?nodelay=0", "tcp://h:1?nodelay", "tcp://[fe80::1]:1", "tcp://[fe80::1%1]:1",
            "tcp://[fe80::1%2]:1", "tcp://0.0.0.0:1", "tcp://*:1", "tcp://[::ffff:0:0]:1", "ws://h/a", "ws://h/b", "ws://h/A", "wss://h:80/a",
            "unix://h", "unix:///h", "unix://H", "unix-dgram://h", "unix-seqpacket://h", "abstract://h", "abstract://h?type=dgram",
            "abstract://h?type=seqpacket", "unix://@h", "unix://h%FF", "unix://h%FE", "unix://h%EF%BF%BD", "icmp://h", "raw://h",
        ];

        Assert.Equal(texts.Length, texts.Select(Address.Parse).Distinct().Count());
    }

    [Fact]
    public void Limits_hold_exactly()
    {
        Assert.True(Address.TryParse("unix://" + new string('a', 107), out _));
        Assert.True(Address.TryParse("abstract://" + new string('a', 107), out _));
        Assert.True(Address.TryParse("unix://" + new string('聊', 35) + "aa", out _));
        Assert.True(Address.TryParse("http://h/" + new string('a', Address.LengthMax - 9), out _));
        string label = new('a', 63);
        Assert.True(Address.TryParse($"{label}.{label}.{label}.{label[2..]}:1", out _));
        Assert.False(Address.TryParse($"{label}.{label}.{label}.{label[1..]}:1", out _));
    }
}
