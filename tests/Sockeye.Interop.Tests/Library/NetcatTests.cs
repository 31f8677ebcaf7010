using System.Text;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Library;

/// <summary>The library and <c>nc</c>, each as client and as server.</summary>
public sealed class NetcatTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Client_that_half_closes_hears_the_rest()
    {
        await using LineServer server = await LineServer.StartAsync("tcp://127.0.0.1:0");
        await using Peer client = Programs.Netcat(["-N", .. server.Address.HostAndPort()]);

        await client.WriteAsync("first\n第二\nno line end");
        client.EndInput();

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("FIRST\n第二\nNO LINE END\n3 lines\n", client.Output);
    }

    [Fact]
    public async Task Client_over_a_Unix_socket()
    {
        string path = _folder.PathOf("猫.sock");
        await using LineServer server = await LineServer.StartAsync($"unix://{path}");
        await using Peer client = Programs.Netcat("-N", "-U", path);

        await client.TypeAsync("你好");
        await client.SaysAsync("你好\n");
        client.EndInput();
        await client.SaysAsync("1 lines\n");

        Assert.Equal(0, await client.EndAsync());
    }

    [Fact]
    public async Task Server_talks_and_ends_when_the_library_half_closes()
    {
        await using Peer server = Programs.Netcat("-v", "-n", "-N", "-l", "127.0.0.1", "0");
        await using Connection connection = await Network.Host.ConnectAsync(await server.NetcatAddressAsync("tcp"));
        FrameReader<string> lines = connection.Frames(Codecs.Lines());

        await connection.WriteLineAsync("谁在那儿？");
        await server.SaysAsync("谁在那儿？\n");
        await server.TypeAsync("只有我");
        Assert.Equal("只有我", (await lines.ReadAsync()).Frame);

        await connection.Output.CompleteAsync();
        server.EndInput();
        Assert.True((await lines.ReadAsync()).IsEnd);
        Assert.Equal(0, await server.EndAsync());
    }

    [Fact]
    public async Task Server_at_a_Unix_socket()
    {
        string path = _folder.PathOf("nc 听.sock");
        await using Peer server = Programs.Netcat("-v", "-l", "-U", path);
        await server.SaysOnErrorsAsync("Listening on ");
        await using Connection connection = await Network.Host.ConnectAsync($"unix://{path.Replace(" ", "%20", StringComparison.Ordinal)}");

        await connection.WriteLineAsync("你好");
        await server.SaysAsync("你好\n");
    }

    [Fact]
    public async Task Datagrams_both_ways()
    {
        await using Peer server = Programs.Netcat("-v", "-n", "-u", "-l", "127.0.0.1", "0");
        await using DatagramSocket client = await Network.Host.ConnectDatagramAsync(await server.NetcatAddressAsync("udp"));

        await client.SendAsync(Encoding.UTF8.GetBytes("数据报\n"));
        await server.SaysAsync("数据报\n");
        await server.TypeAsync("收到");

        ReceivedDatagram answer = await client.ReceiveAsync(new byte[100]);
        Assert.Equal("收到\n", Encoding.UTF8.GetString(answer.Bytes.Span));
    }

    [Fact]
    public async Task Datagram_client()
    {
        await using DatagramSocket socket = await Network.Host.OpenDatagramAsync("udp://127.0.0.1:0");
        await using Peer client = Programs.Netcat(["-u", .. socket.Address.HostAndPort()]);

        await client.TypeAsync("有人吗？");
        ReceivedDatagram question = await socket.ReceiveAsync(new byte[100]);
        Assert.Equal("有人吗？\n", Encoding.UTF8.GetString(question.Bytes.Span));
        await socket.SendAsync(Encoding.UTF8.GetBytes("有\n"), question.From);

        await client.SaysAsync("有\n");
    }
}
