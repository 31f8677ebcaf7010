using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sockeye.Interop;
using Sockeye.Tests.Conformance;

namespace Sockeye.Tests.Networks.Host;

/// <summary>Batches as Linux takes them: what is one call, what is one message, and what happens where the kernel refuses that.</summary>
public sealed class DatagramBatchTests
{
    private const int SocketLevel = 1;
    private const int NoChecksumOption = 11;
    private const int Length = 100;

    /// <summary>Unix datagrams are with their receiver when the send returns.</summary>
    [Fact]
    public async Task One_call_takes_all_that_is_there()
    {
        using CancellationTokenSource stop = new(Hang.Limit);
        await using DatagramSocket server = await Network.Host.OpenDatagramAsync($"abstract://sockeye-{Guid.NewGuid():N}?type=dgram", stop.Token);
        await using DatagramSocket client = await Network.Host.ConnectDatagramAsync(server.Address, stop.Token);
        DatagramBatch batch = new(datagramsMax: 4);
        for (int i = 0; i < 5; i++)
            await client.SendAsync(new[] { (byte)i }, stop.Token);
        await server.ReceiveAsync(batch, stop.Token);
        Assert.Equal([0, 1, 2, 3], batch.Select(datagram => datagram.Bytes.Span[0]));
        await server.ReceiveAsync(batch, stop.Token);
        Assert.Equal([4], batch.Select(datagram => datagram.Bytes.Span[0]));
    }

    /// <summary>More than the 64 that one message is cut into, and more bytes than one datagram can have.</summary>
    [Theory]
    [InlineData(150, Length, "127.0.0.1")]
    [InlineData(150, Length, "[::1]")]
    [InlineData(4, 30_000, "127.0.0.1")]
    [InlineData(2, DatagramSocket.DatagramMax, "127.0.0.1")]
    public Task Long_runs_go_as_several_messages(int count, int length, string host) => SendRunAsync(count, length, host, static _ => { });

    /// <summary>A socket that sends no checksums cannot have its messages cut (EINVAL): they go one by one.</summary>
    [Fact]
    public Task What_the_kernel_does_not_cut_goes_one_by_one() => SendRunAsync(150, Length, "127.0.0.1", static sender =>
    {
        int on = 1;
        sender.Socket!.SetOption(SocketLevel, NoChecksumOption, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(ref on)));
        DatagramBatch refused = new();
        refused.AddSegments(new byte[2 * Length], Length);
        Assert.Equal(Errno.InvalidArgument, refused.Messages.SendOnce(((HostSocket)sender.Socket).Descriptor, 0, refused.Count, mayJoin: true, out int sent));
        Assert.Equal(0, sent);
    });

    private static async Task SendRunAsync(int count, int length, string host, Action<DatagramSocket> prepare)
    {
        using CancellationTokenSource stop = new(Hang.Limit);
        await using DatagramSocket server = await Network.Host.OpenDatagramAsync($"udp://{host}:0?rcvbuf=4m", stop.Token);
        await using DatagramSocket client = await Network.Host.ConnectDatagramAsync(server.Address, stop.Token);
        prepare(client);
        byte[] bytes = Payload.Of((count * length) - 1);
        DatagramBatch batch = new(count, length), received = new(lengthMax: length + 1);
        batch.AddSegments(bytes, length);
        Assert.True(batch.IsFull);
        await client.SendAsync(batch, stop.Token);
        List<byte> all = [];
        for (int got = 0; got < count; got += received.Count)
        {
            await server.ReceiveAsync(received, stop.Token);
            Assert.All(received, datagram => Assert.False(datagram.Truncated));
            foreach (BatchedDatagram datagram in received)
            {
                Assert.Equal(Math.Min(length, bytes.Length - all.Count), datagram.Length);
                all.AddRange(datagram.Bytes.Span);
            }
        }

        Assert.Equal(bytes, all);
    }
}
