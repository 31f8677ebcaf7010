using System.IO.Pipelines;
using System.Text;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Library;

/// <summary>The library and <c>socat</c>, each as client and as server.</summary>
public sealed class SocatTests : IDisposable
{
    /// <summary>How long socat waits for the other half once one has ended: longer than any test.</summary>
    private const string Patience = "-t300";

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Client_over_TCP()
    {
        await using LineServer server = await LineServer.StartAsync("tcp://127.0.0.1:0");
        await using Peer client = Programs.Socat(Patience, "-", $"TCP:127.0.0.1:{server.Address.Port}");

        await HalfCloseAsync(client);
    }

    [Fact]
    public async Task Client_over_TCP_on_IPv6()
    {
        await using LineServer server = await LineServer.StartAsync("tcp://[::1]:0");
        await using Peer client = Programs.Socat(Patience, "-", $"TCP6:[::1]:{server.Address.Port}");

        await HalfCloseAsync(client);
    }

    [Fact]
    public async Task Client_over_a_Unix_socket()
    {
        string path = _folder.PathOf("管道.sock");
        await using LineServer server = await LineServer.StartAsync($"unix://{path}");
        await using Peer client = Programs.Socat(Patience, "-", $"UNIX-CONNECT:{path}");

        await HalfCloseAsync(client);
    }

    [Fact]
    public async Task Client_over_an_abstract_socket()
    {
        string name = $"sockeye-socat-{Environment.ProcessId}";
        await using LineServer server = await LineServer.StartAsync($"abstract://{name}");
        await using Peer client = Programs.Socat(Patience, "-", $"ABSTRACT-CONNECT:{name}");

        await HalfCloseAsync(client);
    }

    [Fact]
    public async Task Server_over_TCP_echoes_a_megabyte()
    {
        await using Peer server = Programs.Socat(Patience, "-d", "-d", "TCP-LISTEN:0,bind=127.0.0.1", "PIPE");
        string address = await server.ErrorLineAfterAsync("listening on AF=2 ");
        await using Connection connection = await Network.Host.ConnectAsync(address);
        byte[] megabyte = new byte[1024 * 1024];
        new Random(7).NextBytes(megabyte);

        Task writing = WriteAndEndAsync(connection, megabyte);
        using MemoryStream echo = new();
        await connection.Input.CopyToAsync(echo);
        await writing;

        Assert.Equal(megabyte, echo.ToArray());
    }

    [Fact]
    public async Task Server_over_SEQPACKET_keeps_messages_apart()
    {
        string path = _folder.PathOf("包.sock");
        await using Peer server = Programs.Socat("-d", "-d", $"UNIX-LISTEN:{path},type=5", "EXEC:cat,socktype=5");
        await server.SaysOnErrorsAsync("listening on ");
        await using Connection connection = await Network.Host.ConnectAsync($"unix-seqpacket://{path}");

        foreach (string message in new[] { "first", "第二" })
        {
            await connection.WriteAsync(Encoding.UTF8.GetBytes(message));
            ReadResult read = await connection.Input.ReadAsync();
            Assert.Equal(message, Encoding.UTF8.GetString(read.Buffer));
            connection.Input.AdvanceTo(read.Buffer.End);
        }
    }

    [Fact]
    public async Task Server_over_UDP()
    {
        await using Peer server = Programs.Socat("-d", "-d", "UDP4-LISTEN:0,bind=127.0.0.1", "PIPE");
        string address = await server.ErrorLineAfterAsync("listening on UDP AF=2 ");
        await using DatagramSocket client = await Network.Host.ConnectDatagramAsync($"udp://{address}");

        await client.SendAsync(Encoding.UTF8.GetBytes("回声"));
        ReceivedDatagram echo = await client.ReceiveAsync(new byte[100]);

        Assert.Equal("回声", Encoding.UTF8.GetString(echo.Bytes.Span));
    }

    [Fact]
    public async Task Datagrams_from_a_named_Unix_socket_are_answered()
    {
        string path = _folder.PathOf("邮箱.sock");
        await using DatagramSocket socket = await Network.Host.OpenDatagramAsync($"unix-dgram://{path}");
        await using Peer client = Programs.Socat("-", $"UNIX-SENDTO:{path},bind={_folder.PathOf("寄信人.sock")}");

        await client.TypeAsync("来信");
        ReceivedDatagram letter = await socket.ReceiveAsync(new byte[100]);
        Assert.Equal("来信\n", Encoding.UTF8.GetString(letter.Bytes.Span));
        await socket.SendAsync(Encoding.UTF8.GetBytes("回信\n"), letter.From);

        await client.SaysAsync("回信\n");
    }

    private static async Task HalfCloseAsync(Peer client)
    {
        await client.TypeAsync("one");
        await client.TypeAsync("二 and two");
        client.EndInput();

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("ONE\n二 AND TWO\n2 lines\n", client.Output);
    }

    private static async Task WriteAndEndAsync(Connection connection, byte[] bytes)
    {
        await connection.WriteAsync(bytes);
        await connection.Output.CompleteAsync();
    }
}
