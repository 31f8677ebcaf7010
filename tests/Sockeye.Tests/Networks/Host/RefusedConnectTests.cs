using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Networks.Host;

/// <summary>A refused connect names what listens near it.</summary>
public class RefusedConnectTests
{
    [Fact]
    public async Task A_port_for_datagrams_only_is_named()
    {
        if (!OperatingSystem.IsLinux())
            return;
        await using DatagramSocket datagrams = await Network.Host.OpenDatagramAsync("udp://127.0.0.1:0");
        int port = datagrams.Address.Port;
        string message = await RefusedAsync($"tcp://127.0.0.1:{port}");
        Assert.Contains($"nothing listens on TCP port {port} there, but udp://127.0.0.1:{port} does", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_IPv4_only_is_named()
    {
        if (!OperatingSystem.IsLinux())
            return;
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0");
        int port = listener.Address.Port;
        string message = await RefusedAsync($"tcp://[::1]:{port}");
        Assert.Contains($"tcp://127.0.0.1:{port} listens: that server is IPv4 only", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_IPv6_only_is_named_to_a_socket_too()
    {
        if (!OperatingSystem.IsLinux())
            return;
        await using Listener listener = await Network.Host.ListenAsync("tcp://[::1]:0");
        int port = listener.Address.Port;
        using NetworkSocket socket = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        SocketException e = Assert.Throws<SocketException>(() => socket.Connect(new IPEndPoint(IPAddress.Loopback, port)));
        Assert.Contains($"tcp://[::1]:{port} listens: that server is IPv6 only", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_on_another_address_is_named()
    {
        if (!OperatingSystem.IsLinux())
            return;
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.2:0");
        int port = listener.Address.Port;
        Assert.Contains($"tcp://127.0.0.2:{port} listens on that port", await RefusedAsync($"tcp://127.0.0.1:{port}"), StringComparison.Ordinal);
    }

    private static async Task<string> RefusedAsync(string address)
    {
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await Network.Host.ConnectAsync(address));
        Assert.Equal(SocketError.ConnectionRefused, e.SocketErrorCode);
        return e.Message;
    }
}
