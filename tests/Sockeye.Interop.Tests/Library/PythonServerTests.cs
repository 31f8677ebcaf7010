using System.Text;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Library;

/// <summary>The library's clients at servers of Python's <c>socketserver</c> and <c>socket</c>.</summary>
public sealed class PythonServerTests : IDisposable
{
    private static readonly string[] Messages = ["one", "十一", "三个消息"];

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ThreadingTCPServer_answers_lines_and_hears_the_half_close()
    {
        await using Peer server = Programs.Python("stream_server.py", "tcp", "127.0.0.1", "0");

        await TalkInLinesAsync(await server.PythonAddressAsync("tcp"));
    }

    [Fact]
    public async Task ThreadingUnixStreamServer_at_a_Chinese_path()
    {
        await using Peer server = Programs.Python("stream_server.py", "unix", _folder.PathOf("流.sock"));

        await TalkInLinesAsync(await server.PythonAddressAsync("unix"));
    }

    [Fact]
    public async Task Many_connections_to_ThreadingTCPServer_at_once()
    {
        await using Peer server = Programs.Python("stream_server.py", "tcp", "127.0.0.1", "0");
        Address address = await server.PythonAddressAsync("tcp");

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => TalkInLinesAsync(address)));
    }

    [Fact]
    public async Task UDPServer_answers_datagrams()
    {
        await using Peer server = Programs.Python("datagram_server.py", "udp", "127.0.0.1", "0");
        Address address = await server.PythonAddressAsync("udp");
        await using DatagramSocket socket = await Network.Host.ConnectDatagramAsync(address);

        await TalkInDatagramsAsync(socket);
    }

    [Fact]
    public async Task UnixDatagramServer_answers_a_socket_that_bound_no_name_itself()
    {
        await using Peer server = Programs.Python("datagram_server.py", "unix", _folder.PathOf("报.sock"));
        Address address = await server.PythonAddressAsync("unix-dgram");
        await using DatagramSocket socket = await Network.Host.ConnectDatagramAsync(address);

        await TalkInDatagramsAsync(socket);
    }

    [Fact]
    public async Task SEQPACKET_keeps_messages_apart()
    {
        await using Peer server = Programs.Python("seqpacket_server.py", _folder.PathOf("序列.sock"));
        Address address = await server.PythonAddressAsync("unix-seqpacket");
        await using Connection connection = await Network.Host.ConnectAsync(address);

        foreach (string message in Messages)
            await connection.WriteAsync(Encoding.UTF8.GetBytes(message));
        for (int i = 0; i < Messages.Length; i++)
        {
            System.IO.Pipelines.ReadResult read = await connection.Input.ReadAsync();
            string answer = Encoding.UTF8.GetString(read.Buffer);
            connection.Input.AdvanceTo(read.Buffer.End);
            Assert.Equal($"{i + 1}:{Encoding.UTF8.GetByteCount(Messages[i])}:{Messages[i]}", answer);
        }

        await connection.Output.CompleteAsync();
        await server.SaysAsync("heard 3 messages");
    }

    private static async Task TalkInLinesAsync(Address address)
    {
        await using Connection connection = await Network.Host.ConnectAsync(address);
        FrameReader<string> lines = connection.Frames(Codecs.Lines());

        await connection.WriteLineAsync("hello");
        Assert.Equal("olleh", (await lines.ReadAsync()).Frame);
        await connection.WriteLineAsync("你好，世界");
        Assert.Equal("界世，好你", (await lines.ReadAsync()).Frame);

        await connection.Output.CompleteAsync();
        Assert.Equal("2 lines", (await lines.ReadAsync()).Frame);
        Assert.True((await lines.ReadAsync()).IsEnd);
    }

    private static async Task TalkInDatagramsAsync(DatagramSocket socket)
    {
        byte[] buffer = new byte[1024];
        foreach (string message in Messages)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(message));
            ReceivedDatagram answer = await socket.ReceiveAsync(buffer);
            Assert.Equal(string.Concat(message.Reverse()), Encoding.UTF8.GetString(answer.Bytes.Span));
        }
    }
}
