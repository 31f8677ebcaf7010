using System.IO.Pipelines;
using System.Net.Sockets;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Library;

/// <summary>How connections end, as the program on the other side sees it.</summary>
public class EndingTests
{
    [Fact]
    public async Task Python_closes_in_order()
    {
        await using Peer server = Programs.Python("end_server.py", "127.0.0.1", "0", "close");
        await using Connection connection = await Network.Host.ConnectAsync(await server.PythonAddressAsync("tcp"));

        await connection.WriteLineAsync("再见");
        await server.SaysAsync("heard: 再见");

        Assert.True((await connection.Input.ReadAsync()).IsCompleted);
    }

    [Fact]
    public async Task Python_resets()
    {
        await using Peer server = Programs.Python("end_server.py", "127.0.0.1", "0", "reset");
        await using Connection connection = await Network.Host.ConnectAsync(await server.PythonAddressAsync("tcp"));

        await connection.WriteLineAsync("再见");

        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await connection.Input.ReadAsync());
        Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
    }

    [Theory]
    [InlineData(true, "the client reset the connection")]
    [InlineData(false, "the client ended in order")]
    public async Task Python_sees_how_the_library_ends(bool abort, string seen)
    {
        await using Peer server = Programs.Python("end_server.py", "127.0.0.1", "0", "wait");
        await using Connection connection = await Network.Host.ConnectAsync(await server.PythonAddressAsync("tcp"));
        await connection.WriteLineAsync("再见");
        await server.SaysAsync("heard: 再见");

        if (abort)
            connection.Abort();
        else
            await connection.DisposeAsync();

        await server.SaysAsync(seen);
    }

    [Fact]
    public async Task What_was_sent_before_the_end_arrives_though_input_was_never_read()
    {
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0");
        await using Peer client = Programs.Python("stream_client.py", ["tcp", .. listener.Address.HostAndPort(), "nobody", "reads", "this"]);
        Connection connection = (await listener.AcceptAsync())!;

        await connection.WriteLineAsync("the last words");
        await connection.DisposeAsync();

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("the last words\nend\n", client.Output);
    }

    [Fact]
    public async Task A_cancelled_read_loses_nothing_that_telnet_types_later()
    {
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0");
        await using Peer telnet = Programs.Telnet(listener.Address);
        await using Connection connection = (await listener.AcceptAsync())!;
        await telnet.SaysAsync("Connected to");
        using CancellationTokenSource cancel = new();
        ValueTask<ReadResult> read = connection.Input.ReadAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);

        await telnet.TypeAsync("都在");

        Assert.Equal("都在", (await connection.Frames(Codecs.Lines()).ReadAsync()).Frame);
    }
}
