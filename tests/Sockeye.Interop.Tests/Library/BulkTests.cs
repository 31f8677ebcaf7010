using System.Security.Cryptography;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Library;

/// <summary>More than all buffers hold, at a peer that does not read yet.</summary>
public class BulkTests
{
    private const int Bytes = 16 * 1024 * 1024;

    [Fact]
    public async Task Sending_waits_for_a_peer_that_does_not_read()
    {
        await using Peer server = Programs.Python("bulk_server.py", "127.0.0.1", "0");
        await using Connection connection = await Network.Host.ConnectAsync(await server.PythonAddressAsync("tcp"));
        byte[] payload = new byte[Bytes];
        new Random(11).NextBytes(payload);

        Task sending = SendAndEndAsync(connection, payload);
        Assert.False(sending.IsCompleted);
        await server.TypeAsync("read");

        string answer = (await connection.Frames(Codecs.Lines()).ReadAsync()).Frame;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(payload)), answer);
        await sending;
    }

    [Fact]
    public async Task An_echo_waits_for_a_peer_that_does_not_read()
    {
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0");
        await using Peer client = Programs.Python("bulk_client.py", [.. listener.Address.HostAndPort(), $"{Bytes}"]);
        Connection connection = (await listener.AcceptAsync())!;

        Task echoing = EchoAsync(connection);
        await client.TypeAsync("read");

        await client.SaysAsync("the same");
        Assert.Equal(0, await client.EndAsync());
        await echoing;
    }

    private static async Task SendAndEndAsync(Connection connection, byte[] payload)
    {
        await connection.WriteAsync(payload);
        await connection.Output.CompleteAsync();
    }

    private static async Task EchoAsync(Connection connection)
    {
        await connection.Input.CopyToAsync(connection.Output);
        await connection.DisposeAsync();
    }
}
