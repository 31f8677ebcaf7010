using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Sockeye.Tests.FunctionTable;

public class OptionsTests : FunctionTableTests
{
    [Fact]
    public void Names()
    {
        (NetworkSocket socket, NetworkSocket peer) = OpenTcp();
        // snippet: getpeername and getsockname
        EndPoint? remote = socket.RemoteEndPoint;       // null: not connected
        EndPoint? local = socket.LocalEndPoint;         // null: not bound
        // end snippet
        Assert.Equal((peer.LocalEndPoint, peer.RemoteEndPoint), (remote, local));
        Assert.Null(Open().LocalEndPoint);
        Assert.Null(Open().RemoteEndPoint);
    }

    [Fact]
    public void Typed()
    {
        NetworkSocket socket = Open();
        // snippet: setsockopt
        socket.NoDelay = true;
        socket.KeepAlive = true;
        socket.ReceiveBufferSize = 256 * 1024;
        bool isReused = socket.ReuseAddress;
        // end snippet
        Assert.True(socket.NoDelay && socket.KeepAlive);
        Assert.InRange(socket.ReceiveBufferSize, 1, 512 * 1024);
        socket.ReuseAddress = !isReused;
        Assert.Equal(!isReused, socket.ReuseAddress);
    }

    [Fact]
    public void By_name_and_by_number()
    {
        NetworkSocket socket = Open();
        // snippet: setsockopt by name
        socket.SetOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        int interval = socket.GetOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval);
        // end snippet
        Assert.Equal(5, interval);
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The numbers are Linux's.");
        // snippet: setsockopt by number
        const int SolTcp = 6, TcpUserTimeout = 18;      // as in Linux' headers
        socket.SetOption(SolTcp, TcpUserTimeout, BitConverter.GetBytes(30_000));
        byte[] value = new byte[sizeof(int)];
        int length = socket.GetOption(SolTcp, TcpUserTimeout, value);
        // end snippet
        Assert.Equal((4, 30_000), (length, BitConverter.ToInt32(value)));
    }

    [Fact]
    public async Task Settimeout()
    {
        (NetworkSocket socket, NetworkSocket peer) = OpenPair();
        byte[] buffer = new byte[1];
        bool isLate = false;
        // snippet: settimeout
        socket.Timeout = TimeSpan.FromMilliseconds(5);      // each call for itself, sync and async
        try
        {
            await socket.ReceiveAsync(buffer);
        }
        catch (SocketTimeoutException)
        {
            isLate = true;
        }
        // end snippet
        Assert.True(isLate);
        // snippet: setblocking
        socket.Timeout = TimeSpan.Zero;                     // setblocking(False): WouldBlock instead of waiting
        socket.Timeout = null;                              // setblocking(True): for ever
        // end snippet
        peer.Send("x"u8);
        Assert.Equal(1, socket.Receive(buffer));
        socket.Timeout = TimeSpan.Zero;
        Assert.Equal(SocketError.WouldBlock, Assert.Throws<SocketException>(() => socket.Receive(buffer)).SocketErrorCode);
    }

    [Fact]
    public void Fileno()
    {
        NetworkSocket socket = Open();
        // snippet: fileno
        SafeSocketHandle? handle = socket.Handle;           // null where no operating system is below
        // end snippet
        Assert.False(handle!.IsInvalid);
    }

    [Fact]
    public void Tcp_info()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("TCP_INFO is read on Linux only.");
        (NetworkSocket socket, _) = OpenTcp();
        // snippet: TCP_INFO
        TcpInfo info = socket.GetTcpInfo();
        string line = $"{info.State}, RTT {info.RoundTripTime.TotalMicroseconds} us, {info.Retransmits} retransmitted";
        // end snippet
        Assert.StartsWith("Established, RTT ", line, StringComparison.Ordinal);
        Assert.EndsWith(" 0 retransmitted", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Peer_credentials()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("SO_PEERCRED is read on Linux only.");
        (NetworkSocket socket, _) = OpenPair();
        // snippet: SO_PEERCRED
        (int process, int user, int group) = socket.PeerCredentials;
        // end snippet
        Assert.Equal(Environment.ProcessId, process);
        Assert.True(user >= 0 && group >= 0);
    }

    [Fact]
    public void Broadcast()
    {
        NetworkSocket peer = Open(type: SocketType.Dgram), socket = Open(type: SocketType.Dgram);
        IPAddress address = IPAddress.Parse("127.255.255.255");
        peer.Bind(new IPEndPoint(address, 0));
        int port = ((IPEndPoint)peer.LocalEndPoint!).Port;
        Assert.Equal(SocketError.AccessDenied, Assert.Throws<SocketException>(() => socket.SendTo("x"u8, peer.LocalEndPoint!)).SocketErrorCode);
        // snippet: SO_BROADCAST
        socket.Broadcast = true;
        socket.SendTo("anybody?"u8, new IPEndPoint(address, port));
        // end snippet
        Assert.Equal(8, peer.Receive(new byte[10]));
    }

    [Fact]
    public void Multicast()
    {
        NetworkSocket peer = Open(type: SocketType.Dgram), socket = Open(type: SocketType.Dgram);
        IPAddress group = IPAddress.Parse("239.255.83.79");
        int loopback = 1;
        peer.Bind(new IPEndPoint(group, 0));
        int port = ((IPEndPoint)peer.LocalEndPoint!).Port;
        // snippet: multicast
        peer.JoinMulticastGroup(group, interfaceIndex: loopback);
        socket.MulticastInterface = loopback;               // 0 leaves it to the routes
        socket.MulticastTimeToLive = 1;
        socket.SendTo("anybody?"u8, new IPEndPoint(group, port));
        // end snippet
        Assert.Equal(8, peer.Receive(new byte[10]));
        peer.LeaveMulticastGroup(group, loopback);
        socket.SendTo("still?"u8, new IPEndPoint(group, port));
        Assert.Equal(SocketError.WouldBlock, peer.TryReceive(new byte[10], out _));
    }

    [Fact]
    public void Raw()
    {
        Network network = Network.Host;
        byte[] reply = new byte[100];
        int count = 0;
        try
        {
            network.CreateSocket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp).Dispose();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            Assert.Skip("Raw sockets need root or CAP_NET_RAW.");
        }

        // snippet: SOCK_RAW
        using NetworkSocket ping = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
        ping.Timeout = TimeSpan.FromSeconds(5);
        ping.SendTo([8, 0, 0xE5, 0xCA, 0x12, 0x34, 0, 1], new IPEndPoint(IPAddress.Loopback, 0));    // an echo request (RFC 792)
        do
            count = ping.Receive(reply);        // begins with the IPv4 header: 20 bytes when it has no options
        while (reply[20] != 0 || reply[24] != 0x12 || reply[25] != 0x34);
        // end snippet
        Assert.Equal(28, count);
    }
}
