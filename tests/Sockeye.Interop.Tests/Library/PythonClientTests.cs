using System.IO.Pipelines;
using System.Text;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Library;

/// <summary>The library's servers, and clients written with Python's <c>socket</c>.</summary>
public sealed class PythonClientTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tcp://127.0.0.1:0")]
    [InlineData("tcp://[::1]:0")]
    [InlineData("tcp://localhost:0")]
    public async Task Lines_over_TCP(string address)
    {
        await using LineServer server = await LineServer.StartAsync(address);
        await using Peer client = Programs.Python("stream_client.py", ["tcp", .. server.Address.HostAndPort(), "hello", "你好 abc"]);

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("HELLO\n你好 ABC\n2 lines\nend\n", client.Output);
    }

    [Fact]
    public async Task Lines_over_a_Unix_socket_at_a_Chinese_path()
    {
        string path = _folder.PathOf("服务器.sock");
        await using LineServer server = await LineServer.StartAsync($"unix://{path}");
        await using Peer client = Programs.Python("stream_client.py", "unix", path, "hello", "你好");

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("HELLO\n你好\n2 lines\nend\n", client.Output);
    }

    [Fact]
    public async Task Lines_over_an_abstract_socket()
    {
        string name = $"sockeye-interop-{Environment.ProcessId}";
        await using LineServer server = await LineServer.StartAsync($"abstract://{name}");
        await using Peer client = Programs.Python("stream_client.py", "unix", "@" + name, "hello");

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("HELLO\n1 lines\nend\n", client.Output);
    }

    [Theory]
    [InlineData("udp://127.0.0.1:0")]
    [InlineData("udp://[::1]:0")]
    public async Task Datagrams_over_UDP(string address)
    {
        await using DatagramSocket socket = await Network.Host.OpenDatagramAsync(address);
        Task serving = AnswerInCapitalsAsync(socket, 2);
        await using Peer client = Programs.Python("datagram_client.py", ["udp", .. socket.Address.HostAndPort(), "hello", "abc 你好"]);

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("HELLO\nABC 你好\n", client.Output);
        await serving;
    }

    [Fact]
    public async Task Datagrams_over_a_Unix_socket_at_a_Chinese_path()
    {
        string path = _folder.PathOf("数据报.sock");
        await using DatagramSocket socket = await Network.Host.OpenDatagramAsync($"unix-dgram://{path}");
        Task serving = AnswerInCapitalsAsync(socket, 2);
        await using Peer client = Programs.Python("datagram_client.py", "unix", path, _folder.PathOf("客户.sock"), "hello", "abc 你好");

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("HELLO\nABC 你好\n", client.Output);
        await serving;
    }

    [Fact]
    public async Task SEQPACKET_keeps_messages_apart()
    {
        string path = _folder.PathOf("消息.sock");
        await using Listener listener = await Network.Host.ListenAsync($"unix-seqpacket://{path}");
        await using Peer client = Programs.Python("seqpacket_client.py", path, "one", "第二", "three words here");
        await using Connection connection = (await listener.AcceptAsync())!;

        await EchoWithNumbersAsync(connection);

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("message: 1:one\nmessage: 2:第二\nmessage: 3:three words here\nend\n", client.Output);
    }

    [Fact]
    public async Task One_that_leaves_rudely_hurts_nobody()
    {
        TaskCompletionSource<EndReason> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ServerOptions options = new() { OnEnded = (_, reason, _) => ended.TrySetResult(reason) };
        await using LineServer server = await LineServer.StartAsync("tcp://127.0.0.1:0", options);
        await using Connection polite = await Network.Host.ConnectAsync(server.Address);
        await using Peer rude = Programs.Python("rude_client.py", [.. server.Address.HostAndPort(), "hello"]);

        Assert.Equal(0, await rude.EndAsync());
        Assert.Equal("HELLO\nreset\n", rude.Output);
        Assert.Equal(EndReason.HandlerError, await ended.Task);

        await polite.WriteLineAsync("still here");
        Assert.Equal("STILL HERE", (await polite.Frames(Codecs.Lines()).ReadAsync()).Frame);
    }

    private static async Task AnswerInCapitalsAsync(DatagramSocket socket, int count)
    {
        byte[] buffer = new byte[1024];
        for (int i = 0; i < count; i++)
        {
            ReceivedDatagram datagram = await socket.ReceiveAsync(buffer);
            string text = Encoding.UTF8.GetString(datagram.Bytes.Span);
            await socket.SendAsync(Encoding.UTF8.GetBytes(text.ToUpperInvariant()), datagram.From);
        }
    }

    private static async Task EchoWithNumbersAsync(Connection connection)
    {
        for (int number = 1; ; number++)
        {
            ReadResult read = await connection.Input.ReadAsync();
            byte[] answer = [.. Encoding.UTF8.GetBytes($"{number}:"), .. System.Buffers.BuffersExtensions.ToArray(read.Buffer)];
            connection.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
            await connection.WriteAsync(answer);
        }
    }
}
