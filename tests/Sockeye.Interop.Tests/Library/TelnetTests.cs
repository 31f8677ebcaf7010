using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Library;

/// <summary>The library's servers and <c>telnet</c>, whose lines end with CR LF.</summary>
public class TelnetTests
{
    [Fact]
    public async Task A_line_has_no_CR_left()
    {
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0");
        await using Peer telnet = Programs.Telnet(listener.Address);
        await using Connection connection = (await listener.AcceptAsync())!;
        FrameReader<string> lines = connection.Frames(Codecs.Lines());

        await telnet.SaysAsync("Connected to");
        await telnet.TypeAsync("hello");
        Assert.Equal("hello", (await lines.ReadAsync()).Frame);
        await telnet.TypeAsync("你好，世界");
        Assert.Equal("你好，世界", (await lines.ReadAsync()).Frame);

        await connection.WriteFrameAsync(Codecs.Lines(ending: LineEnding.CrLf), "再见");
        await telnet.SaysAsync("再见");
        await connection.DisposeAsync();
        await telnet.SaysOnErrorsAsync("Connection closed by foreign host");
    }

    [Fact]
    public async Task A_session_with_a_server()
    {
        await using LineServer server = await LineServer.StartAsync("tcp://127.0.0.1:0");
        await using Peer telnet = Programs.Telnet(server.Address);

        await telnet.SaysAsync("Connected to");
        await telnet.TypeAsync("first");
        await telnet.SaysAsync("FIRST");
        await telnet.TypeAsync("second 第二");
        await telnet.SaysAsync("SECOND 第二");
    }
}
