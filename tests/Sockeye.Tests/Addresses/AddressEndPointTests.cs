using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Addresses;

public class AddressEndPointTests
{
    [Theory]
    [InlineData("127.0.0.1:80", SocketType.Stream, ProtocolType.Unspecified, "tcp://127.0.0.1:80")]
    [InlineData("[::1]:80", SocketType.Stream, ProtocolType.Tcp, "tcp://[::1]:80")]
    [InlineData("[fe80::1%3]:80", SocketType.Dgram, ProtocolType.Unspecified, "udp://[fe80::1%3]:80")]
    [InlineData("[::]:80", SocketType.Stream, ProtocolType.Unspecified, "tcp://*:80")]
    [InlineData("1.2.3.4:1", SocketType.Raw, ProtocolType.Icmp, "icmp://1.2.3.4")]
    [InlineData("[::]:58", SocketType.Raw, ProtocolType.IcmpV6, "icmp://[::]")]
    [InlineData("1.2.3.4:7", SocketType.Dgram, ProtocolType.Icmp, "icmp://1.2.3.4?type=dgram")]
    [InlineData("1.2.3.4:0", SocketType.Raw, ProtocolType.Raw, "raw://1.2.3.4")]
    [InlineData("1.2.3.4:253", SocketType.Raw, (ProtocolType)253, "raw://1.2.3.4?protocol=253")]
    public void IP_end_points_print_as_what_their_socket_is(string endPoint, SocketType type, ProtocolType protocol, string text)
    {
        Address address = Address.FromEndPoint(IPEndPoint.Parse(endPoint), type, protocol);

        Assert.Equal(text, address.ToString());
        Assert.Equal(Address.Parse(text), address);
        Assert.Equal(type, address.SocketType);
        if (protocol != ProtocolType.Unspecified)
            Assert.Equal(protocol, address.ProtocolType);
    }

    [Fact]
    public void Names_print_with_the_family_they_must_have()
    {
        Assert.Equal("tcp://Host:1", Address.FromEndPoint(new DnsEndPoint("host", 1)).ToString(), ignoreCase: true);
        Assert.Equal("tcp4://h:1", Address.FromEndPoint(new DnsEndPoint("h", 1, AddressFamily.InterNetwork)).ToString());
        Assert.Equal(
            "udp6://h:1", Address.FromEndPoint(new DnsEndPoint("h", 1, AddressFamily.InterNetworkV6), SocketType.Dgram).ToString());
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Loopback, 1), Address.FromEndPoint(new DnsEndPoint("::1", 1)).EndPoint);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("[")]
    [InlineData("127.1")]
    [InlineData("*")]
    [InlineData("a/b")]
    [InlineData("a:80")]
    [InlineData("\uD800")]
    public void A_name_that_no_address_may_hold_is_refused(string host) =>
        Assert.Throws<ArgumentException>(() => Address.FromEndPoint(new DnsEndPoint(host, 1)));

    [Fact]
    public void What_no_scheme_stands_for_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Address.FromEndPoint(new IPEndPoint(1, 1), SocketType.Rdm));
        Assert.Throws<ArgumentException>(() => Address.FromEndPoint(new IPEndPoint(1, 1), SocketType.Stream, ProtocolType.Udp));
        Assert.Throws<ArgumentException>(() => Address.FromEndPoint(new UnixDomainSocketEndPoint("/a"), SocketType.Raw));
        Assert.Throws<ArgumentNullException>(() => Address.FromEndPoint(null!));
    }

    [Theory]
    [InlineData("/a", SocketType.Stream, "unix:///a")]
    [InlineData("a b", SocketType.Dgram, "unix-dgram://a%20b")]
    [InlineData("/a", SocketType.Seqpacket, "unix-seqpacket:///a")]
    [InlineData("(unnamed)", SocketType.Stream, "unix://%28unnamed)")]
    [InlineData("/a?b#c%d", SocketType.Stream, "unix:///a%3Fb%23c%25d")]
    [InlineData("@a", SocketType.Stream, "unix://@a")]
    [InlineData("\0a", SocketType.Stream, "abstract://a")]
    [InlineData("\0a", SocketType.Dgram, "abstract://a?type=dgram")]
    public void Unix_end_points_print_as_what_their_socket_is(string path, SocketType type, string text)
    {
        Address address = Address.FromEndPoint(new UnixDomainSocketEndPoint(path), type);

        Assert.Equal(text, address.ToString());
        Assert.Equal(Address.Parse(text), address);
    }

    [Fact]
    public void A_path_that_is_not_UTF8_survives()
    {
        UnixDomainSocketEndPoint endPoint = (UnixDomainSocketEndPoint)Address.Parse("unix:///%FF%FEa").EndPoint;

        Assert.Equal([(byte)'/', 0xFF, 0xFE, (byte)'a', 0], endPoint.Serialize().Buffer.ToArray()[2..7]);
        Assert.Equal("unix:///%FF%FEa", Address.FromEndPoint(endPoint).ToString());
        Assert.NotEqual(Address.Parse("unix:///%FF"), Address.Parse("unix:///%FE"));
    }

    [Fact]
    public void The_end_points_of_real_sockets_print()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sockeye");
        try
        {
            Address path = Address.FromEndPoint(new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, "聊天 室")));
            using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(path.EndPoint);
            listener.Listen();
            using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            client.Connect(Address.Parse(path.ToString()).EndPoint);
            using Socket server = listener.Accept();

            Assert.Equal(path, Address.FromEndPoint(listener.LocalEndPoint!));
            Assert.Equal(path, Address.FromEndPoint(client.RemoteEndPoint!));
            Assert.Equal("unix://(unnamed)", Address.FromEndPoint(server.RemoteEndPoint!).ToString());
            Assert.EndsWith("聊天%20室", path.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Another_end_point_keeps_all_else()
    {
        Address listening = Address.Parse("tcp://localhost:0?backlog=5");
        Address bound = listening.WithEndPoint(new IPEndPoint(IPAddress.Loopback, 4711));

        Assert.Equal("tcp://127.0.0.1:4711?backlog=5", bound.ToString());
        Assert.Equal("wss://127.0.0.1:1/p?q", Address.Parse("wss://h/p?q").WithEndPoint(new IPEndPoint(IPAddress.Loopback, 1)).ToString());
        Assert.Equal("tcp4://h:1", Address.Parse("tcp4://x:9").WithEndPoint(new DnsEndPoint("h", 1)).ToString());
    }

    [Fact]
    public void Between_paths_and_abstract_names_the_scheme_follows_the_end_point()
    {
        Address path = Address.Parse("unix-dgram:///a?mode=600&sndbuf=4k");
        Address name = path.WithEndPoint(new UnixDomainSocketEndPoint("\0b"));

        Assert.Equal("abstract://b?type=dgram&sndbuf=4k", name.ToString());
        Assert.Equal("unix-dgram:///c?sndbuf=4k", name.WithEndPoint(new UnixDomainSocketEndPoint("/c")).ToString());
        Assert.Equal("unix-dgram:///c?mode=600&sndbuf=4k", path.WithEndPoint(new UnixDomainSocketEndPoint("/c")).ToString());
    }

    [Fact]
    public void An_end_point_that_does_not_fit_the_scheme_is_refused()
    {
        Refuse("tcp4://h:1", new IPEndPoint(IPAddress.IPv6Loopback, 1));
        Refuse("tcp4://h:1", new DnsEndPoint("h", 1, AddressFamily.InterNetworkV6));
        Refuse("tcp://h:1", new DnsEndPoint("h", 1, AddressFamily.InterNetwork));
        Refuse("tcp://h:1", new UnixDomainSocketEndPoint("/a"));
        Refuse("unix:///a", new IPEndPoint(1, 1));
        Refuse("unix:///a", new DnsEndPoint("a", 1));

        static void Refuse(string text, EndPoint endPoint) =>
            Assert.Throws<ArgumentException>(() => Address.Parse(text).WithEndPoint(endPoint));
    }

    [Fact]
    public void An_address_does_not_change_with_the_end_point_it_came_from()
    {
        IPEndPoint endPoint = new(IPAddress.Loopback, 1);
        Address address = Address.FromEndPoint(endPoint);
        endPoint.Port = 2;

        Assert.Equal(1, address.Port);
    }
}
