using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Library;

/// <summary>The low facade, call by call as the textbook has them, and Python at the other end.</summary>
public sealed class SocketTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Socket_bind_listen_accept_receive_send_close()
    {
        using NetworkSocket server = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen(5);
        int port = ((IPEndPoint)server.LocalEndPoint!).Port;
        await using Peer client = Programs.Python("request_response_client.py", "127.0.0.1", $"{port}");
        using NetworkSocket accepted = server.Accept();
        byte[] buffer = new byte[1024];

        await client.TypeAsync("你好");
        int count = accepted.Receive(buffer);
        Assert.Equal("你好", Encoding.UTF8.GetString(buffer, 0, count));
        accepted.SendAll(Encoding.UTF8.GetBytes("收到"));
        await client.SaysAsync("收到\n");

        client.EndInput();
        Assert.Equal(0, accepted.Receive(buffer));
    }

    [Fact]
    public async Task Socket_connect_send_receive()
    {
        await using Peer server = Programs.Python("request_response_server.py", "127.0.0.1", "0");
        Address address = await server.PythonAddressAsync("tcp");
        using NetworkSocket client = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        byte[] buffer = new byte[1024];

        client.Connect(address.EndPoint);
        client.SendAll(Encoding.UTF8.GetBytes("你好"));
        int count = client.Receive(buffer);

        Assert.Equal("Python heard 你好", Encoding.UTF8.GetString(buffer, 0, count));
        client.Shutdown(SocketShutdown.Send);
        await server.SaysAsync("the client left");
        Assert.Equal(0, client.Receive(buffer));
    }

    [Fact]
    public async Task Empty_and_cut_datagrams()
    {
        using NetworkSocket server = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)server.LocalEndPoint!).Port;
        await using Peer client = Programs.Python("datagram_client.py", "udp", "127.0.0.1", $"{port}", "", "longer than four");
        SocketAddress from = server.CreateAddress();
        byte[] buffer = new byte[4];

        DatagramResult empty = server.ReceiveFrom(buffer, from);
        Assert.Equal((0, false), (empty.Count, empty.Truncated));
        server.SendTo([], from);
        DatagramResult cut = server.ReceiveFrom(buffer, from);
        Assert.Equal((4, true), (cut.Count, cut.Truncated));
        server.SendTo(buffer, from);

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("\nlong\n", client.Output);
    }

    [Fact]
    public async Task Descriptors_go_both_ways()
    {
        string path = _folder.PathOf("文件.sock");
        string file = _folder.PathOf("借出.txt");
        using NetworkSocket server = Network.Host.CreateSocket(AddressFamily.Unix, SocketType.Stream);
        server.Bind(new UnixDomainSocketEndPoint(path));
        server.Listen();
        await using Peer peer = Programs.Python("descriptors.py", path);
        using NetworkSocket accepted = server.Accept();

        using (SafeFileHandle lent = File.OpenHandle(file, FileMode.Create, FileAccess.ReadWrite))
            accepted.SendDescriptors(Encoding.UTF8.GetBytes("请写"), [lent]);
        await peer.SaysAsync("received 1 with: 请写");

        byte[] buffer = new byte[100];
        DescriptorResult result = accepted.ReceiveDescriptors(buffer, 4);
        Assert.Equal("文件", Encoding.UTF8.GetString(buffer, 0, result.Count));
        using (SafeFileHandle own = Assert.Single(result.Descriptors))
        {
            int count = RandomAccess.Read(own, buffer, 0);
            Assert.Equal("从 Python 来\n", Encoding.UTF8.GetString(buffer, 0, count));
        }

        accepted.SendAll("x"u8);
        Assert.Equal(0, await peer.EndAsync());
        Assert.Equal("Python 写的\n", await File.ReadAllTextAsync(file));
    }
}
