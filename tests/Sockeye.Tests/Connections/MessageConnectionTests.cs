using System.IO.Pipelines;
using System.Net.Sockets;

namespace Sockeye.Tests.Connections;

/// <summary>Connections over SEQPACKET sockets: each read gives one message, whole.</summary>
public class MessageConnectionTests
{
    [Fact]
    public async Task Each_read_is_one_message_however_long()
    {
        (NetworkSocket peer, NetworkSocket socket) = Network.Host.CreatePair(SocketType.Seqpacket);
        await using Connection connection = Network.Host.CreateConnection(socket);
        using NetworkSocket _ = peer;

        foreach (int length in new[] { 1, 4_096, 4_097, 3_000, 3_000, 100_000, 200_000, 5 })
        {
            await peer.SendAsync(new byte[length]);
            ReadResult result = await connection.Input.ReadAsync().AsTask().WaitAsync(Hang.Limit);
            Assert.Equal(length, result.Buffer.Length);
            connection.Input.AdvanceTo(result.Buffer.End);
        }
    }

    [Fact]
    public async Task Messages_that_are_not_consumed_do_not_cut_the_next()
    {
        (NetworkSocket peer, NetworkSocket socket) = Network.Host.CreatePair(SocketType.Seqpacket);
        await using Connection connection = Network.Host.CreateConnection(socket);
        using NetworkSocket _ = peer;
        int length = 0;

        for (int i = 0; i < 5; i++)
        {
            await peer.SendAsync(new byte[150_000]);
            ReadResult result = await connection.Input.ReadAsync().AsTask().WaitAsync(Hang.Limit);
            Assert.Equal(length += 150_000, result.Buffer.Length);
            connection.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    [Fact]
    public async Task A_message_that_would_be_cut_is_an_error()
    {
        (NetworkSocket peer, NetworkSocket socket) = Network.Host.CreatePair(SocketType.Seqpacket);
        await using Connection connection = Network.Host.CreateConnection(socket);
        using NetworkSocket _ = peer;
        peer.SendBufferSize = 1_000_000;
        if (peer.TrySend(new byte[300_000], out int _) != SocketError.Success)
            Assert.Skip("This kernel lets no message as long out (net.core.wmem_max).");

        await Assert.ThrowsAsync<ProtocolException>(() => connection.Input.ReadAsync().AsTask().WaitAsync(Hang.Limit));
    }
}
