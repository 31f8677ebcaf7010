using System.Net.Sockets;

namespace Sockeye.Tests.Networks.Memory;

public sealed class MemoryOptionTests : MemoryTestBase
{
    [Fact]
    public void Defaults_are_those_of_Linux()
    {
        NetworkSocket tcp = Socket(AddressFamily.InterNetwork);
        Assert.Equal((false, false, false, 64, 65536, 65536), (tcp.NoDelay, tcp.KeepAlive, tcp.ReuseAddress, tcp.TimeToLive, tcp.SendBufferSize, tcp.ReceiveBufferSize));
        Assert.Equal(TimeSpan.FromHours(2), tcp.KeepAliveTime);
        NetworkSocket udp = Socket(AddressFamily.InterNetworkV6, SocketType.Dgram);
        Assert.Equal((true, false, 64, 1, true, 212992), (udp.DualMode, udp.Broadcast, udp.TimeToLive, udp.MulticastTimeToLive, udp.MulticastLoopback, udp.ReceiveBufferSize));
    }

    [Fact]
    public void Options_of_another_kind_of_socket_are_unknown()
    {
        Fails(SocketError.ProtocolOption, () => Socket(AddressFamily.InterNetwork, SocketType.Dgram).NoDelay = true);
        Fails(SocketError.ProtocolOption, () => Socket(AddressFamily.Unix).TimeToLive = 3);
        Fails(SocketError.ProtocolOption, () => Socket(AddressFamily.InterNetwork).HeaderIncluded = true);
        Fails(SocketError.InvalidArgument, () => Socket(AddressFamily.InterNetwork).TimeToLive = 256);
        Fails(SocketError.InvalidArgument, () => Socket(AddressFamily.InterNetwork).TimeToLive = 0);
    }

    [Fact]
    public void What_a_socket_is_can_be_asked()
    {
        NetworkSocket listener = Listening(Ip("127.0.0.1:80"));
        Assert.Equal((int)SocketType.Stream, listener.GetOption(SocketOptionLevel.Socket, SocketOptionName.Type));
        Assert.Equal(1, listener.GetOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection));
        Assert.Equal(0, listener.GetOption(SocketOptionLevel.Socket, SocketOptionName.Error));
    }
}
