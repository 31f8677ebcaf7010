using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Networks.Memory;

/// <summary>Addresses, ports, Unix names and host names.</summary>
public sealed class MemoryBindingTests : MemoryTestBase
{
    [Fact]
    public void Free_ports_are_counted_from_49152_and_used_ones_are_skipped()
    {
        Bound(Ip("127.0.0.1:49153"));
        int[] ports = [.. Enumerable.Range(0, 3).Select(_ => ((IPEndPoint)Bound(Ip("0.0.0.0:0")).LocalEndPoint!).Port)];
        Assert.Equal([49152, 49154, 49155], ports);
    }

    [Fact]
    public void When_all_ports_are_taken_a_bind_and_a_connect_say_so()
    {
        using NetworkSocket listener = Listening(Ip("127.0.0.1:80"));
        for (int port = 49152; port <= 65535; port++)
            Bound(new IPEndPoint(IPAddress.Loopback, port), SocketType.Stream);
        Fails(SocketError.AddressAlreadyInUse, () => Bound(Ip("127.0.0.1:0"), SocketType.Stream));
        Assert.Equal(SocketError.AddressNotAvailable, Socket(AddressFamily.InterNetwork).TryConnect(listener.LocalEndPoint!));
    }

    [Theory]
    [InlineData("127.0.0.1:80", "127.0.0.1:80", false)]
    [InlineData("127.0.0.1:80", "0.0.0.0:80", false)]
    [InlineData("0.0.0.0:80", "127.0.0.1:80", false)]
    [InlineData("[::]:80", "0.0.0.0:80", false)]
    [InlineData("0.0.0.0:80", "[::]:80", false)]
    [InlineData("[::]:80", "127.0.0.1:80", false)]
    [InlineData("127.0.0.1:80", "127.0.0.2:80", true)]
    [InlineData("127.0.0.1:80", "127.0.0.1:81", true)]
    [InlineData("[::1]:80", "127.0.0.1:80", true)]
    public void Ports_are_shared_by_those_that_do_not_overlap(string first, string second, bool both)
    {
        Bound(Ip(first), SocketType.Stream);
        if (both)
            Bound(Ip(second), SocketType.Stream);
        else
            Fails(SocketError.AddressAlreadyInUse, () => Bound(Ip(second), SocketType.Stream));
        Bound(Ip(second), SocketType.Dgram);
    }

    [Fact]
    public void IPv6_only_leaves_IPv4_free()
    {
        NetworkSocket six = Socket(AddressFamily.InterNetworkV6);
        six.DualMode = false;
        six.Bind(Ip("[::]:80"));
        Bound(Ip("0.0.0.0:80"), SocketType.Stream);
        Fails(SocketError.InvalidArgument, () => six.DualMode = true);
    }

    [Fact]
    public void A_dual_socket_sees_IPv4_mapped()
    {
        NetworkSocket listener = Listening(Ip("[::]:80"));
        NetworkSocket client = Socket(AddressFamily.InterNetwork);
        client.TryConnect(Ip("127.0.0.1:80"));
        listener.TryAccept(out NetworkSocket? server);
        Assert.Equal("[::ffff:127.0.0.1]:80", server!.LocalEndPoint!.ToString());
        Assert.Equal("[::ffff:127.0.0.1]:49152", server.RemoteEndPoint!.ToString());
    }

    [Fact]
    public void Reused_addresses_are_shared_until_one_listens()
    {
        NetworkSocket[] sockets = [.. Enumerable.Range(0, 3).Select(_ => Socket(AddressFamily.InterNetwork))];
        foreach (NetworkSocket socket in sockets)
            socket.ReuseAddress = true;
        sockets[0].Bind(Ip("127.0.0.1:80"));
        sockets[1].Bind(Ip("127.0.0.1:80"));
        sockets[0].Listen();
        Fails(SocketError.AddressAlreadyInUse, () => sockets[1].Listen());
        Fails(SocketError.AddressAlreadyInUse, () => sockets[2].Bind(Ip("127.0.0.1:80")));
    }

    [Fact]
    public void A_shared_port_takes_turns()
    {
        NetworkSocket[] listeners = [.. Enumerable.Range(0, 2).Select(_ => Socket(AddressFamily.InterNetwork))];
        foreach (NetworkSocket listener in listeners)
        {
            listener.ReusePort = true;
            listener.Bind(Ip("127.0.0.1:80"));
            listener.Listen();
        }

        for (int i = 0; i < 4; i++)
            Socket(AddressFamily.InterNetwork).TryConnect(Ip("127.0.0.1:80"));
        foreach (NetworkSocket listener in listeners)
        {
            Assert.Equal(SocketError.Success, listener.TryAccept(out _));
            Assert.Equal(SocketError.Success, listener.TryAccept(out _));
            Assert.Equal(SocketError.WouldBlock, listener.TryAccept(out _));
        }
    }

    [Fact]
    public void Other_addresses_exist_when_added()
    {
        Fails(SocketError.AddressNotAvailable, () => Bound(Ip("10.0.0.1:80")));
        Assert.Equal(SocketError.NetworkUnreachable, Socket(AddressFamily.InterNetwork).TryConnect(Ip("10.0.0.1:80")));
        Network.AddAddress(IPAddress.Parse("10.0.0.1"));
        Bound(Ip("10.0.0.1:80"));
        Assert.Equal(SocketError.ConnectionRefused, Socket(AddressFamily.InterNetwork).TryConnect(Ip("10.0.0.1:80")));
        Assert.Throws<ArgumentException>(() => Network.AddAddress(IPAddress.Any));
    }

    [Fact]
    public void Unix_names_are_taken_until_their_socket_closes()
    {
        NetworkSocket first = Bound(Name("/run/a"), SocketType.Stream);
        Fails(SocketError.AddressAlreadyInUse, () => Bound(Name("/run/a")));
        Bound(Name("\0a"), SocketType.Stream);
        Bound(Name("\0a"), SocketType.Dgram);
        first.Dispose();
        Bound(Name("/run/a"));
        Assert.False(File.Exists("/run/a"));
    }

    [Fact]
    public void Unix_names_are_made_up_as_five_digits()
    {
        NetworkSocket socket = Socket(AddressFamily.Unix, SocketType.Dgram);
        socket.BindAutomaticallyCore();
        Assert.Equal("@00000", socket.LocalEndPoint!.ToString());
    }

    [Fact]
    public async Task Names()
    {
        Network.AddName("Two.test", IPAddress.Parse("fd00::1"), IPAddress.Parse("10.0.0.1"));
        Network.AddName("four.test", IPAddress.Parse("10.0.0.1"));
        Assert.Equal("memory", Network.HostName);
        Assert.Equal("fd00::1 10.0.0.1", await ResolveAsync("two.TEST"));
        Assert.Equal("10.0.0.1", await ResolveAsync("two.test", AddressFamily.InterNetwork));
        Assert.Equal("::1 127.0.0.1", await ResolveAsync("localhost"));
        Assert.Equal("::1 127.0.0.1", await ResolveAsync(Network.HostName));
        Assert.Equal("192.0.2.7", await ResolveAsync("192.0.2.7"));
        await FailsAsync(SocketError.HostNotFound, () => ResolveAsync("none.test"));
        await FailsAsync(SocketError.NoData, () => ResolveAsync("four.test", AddressFamily.InterNetworkV6));
        Assert.Throws<ArgumentException>(() => Network.AddName("localhost", IPAddress.Loopback));
        Assert.Throws<ArgumentException>(() => Network.AddName("none.test"));
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp)]
    [InlineData(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Icmp)]
    public void Packets_are_refused_by_name(AddressFamily family, SocketType type, ProtocolType protocol)
    {
        SocketException e = Fails(SocketError.SocketNotSupported, () => Network.CreateSocket(family, type, protocol));
        Assert.Contains("STREAM and DGRAM", e.Message, StringComparison.Ordinal);
    }

    private async Task<string> ResolveAsync(string name, AddressFamily family = AddressFamily.Unspecified) =>
        string.Join(' ', (await Network.ResolveAsync(name, family)).Select(address => address.ToString()));
}
