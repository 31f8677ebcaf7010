using System.Net;
using System.Net.Sockets;
using Sockeye.Tests.Conformance;
using Sockeye.Tests.Echoes;

namespace Sockeye.Tests.Connections;

/// <summary>A batch by itself, and over sockets that know single datagrams only.</summary>
public sealed class DatagramBatchTests
{
    private static readonly IPEndPoint Somebody = new(IPAddress.Loopback, 9000);

    [Fact]
    public void It_holds_so_many_of_such_a_length_and_no_more()
    {
        DatagramBatch batch = new(datagramsMax: 2, lengthMax: 4);
        Assert.Equal((2, 4, 0), (batch.DatagramsMax, batch.LengthMax, batch.Count));
        Assert.Contains("lengthMax", Assert.Throws<ArgumentException>(() => batch.Add(new byte[5])).Message, StringComparison.Ordinal);
        batch.Add(new byte[4]);
        Assert.False(batch.IsFull);
        batch.Add(default);
        Assert.True(batch.IsFull);
        Assert.Contains("datagramsMax", Assert.Throws<InvalidOperationException>(() => batch.Add(default)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch[-1]);
        batch.Clear();
        Assert.Throws<ArgumentOutOfRangeException>(() => batch[0]);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(DatagramBatch.DatagramsLimit + 1, 1)]
    [InlineData(1, 0)]
    [InlineData(1024, 4 * 1024 * 1024)]
    public void Sizes_that_cannot_be_are_refused(int datagramsMax, int lengthMax) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DatagramBatch(datagramsMax, lengthMax));

    [Fact]
    public void A_datagram_that_grows_shows_nothing_of_what_was_there_before()
    {
        DatagramBatch batch = new(datagramsMax: 1, lengthMax: 8);
        batch.Add("secret"u8);
        batch.Clear();
        BatchedDatagram datagram = batch.Add("a"u8);
        datagram.Length = 8;
        Assert.Equal("a\0\0\0\0\0\0\0"u8, datagram.Bytes.Span);
        Assert.Throws<ArgumentOutOfRangeException>(() => datagram.Length = 9);
        Assert.Throws<ArgumentOutOfRangeException>(() => datagram.Length = -1);
    }

    [Fact]
    public void Addresses_are_its_own_copies_and_can_be_set()
    {
        DatagramBatch batch = new();
        SocketAddress address = Somebody.Serialize();
        BatchedDatagram datagram = batch.Add("a"u8, address);
        address.Buffer.Span.Clear();
        Assert.Equal(Somebody, datagram.RemoteEndPoint);
        datagram.RemoteEndPoint = null;
        Assert.Null(datagram.RemoteAddress);
        datagram.RemoteEndPoint = new IPEndPoint(IPAddress.IPv6Loopback, 1);
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Loopback, 1), datagram.RemoteEndPoint);
        Assert.Throws<ArgumentException>(() => datagram.RemoteEndPoint = new DnsEndPoint("example.org", 1));

        // A slot that is used again does not keep whom it was for.
        batch.Clear();
        Assert.Null(batch.Add("b"u8).RemoteAddress);
    }

    [Fact]
    public void What_is_taken_out_leaves_the_others_in_order()
    {
        DatagramBatch batch = new(datagramsMax: 3);
        foreach (string text in new[] { "a", "b", "c" })
            batch.Add(Payload.Text(text));
        batch.RemoveAt(1);
        Assert.Equal(["a", "c"], Texts(batch));
        batch.Add("d"u8);
        Assert.Equal(["a", "c", "d"], Texts(batch));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.RemoveAt(3));
    }

    [Fact]
    public void A_buffer_is_cut_as_far_as_there_is_room()
    {
        DatagramBatch batch = new(datagramsMax: 3, lengthMax: 4);
        Assert.Equal(5, batch.AddSegments("abcde"u8, 4, Somebody.Serialize()));
        Assert.Equal(["abcd", "e"], Texts(batch));
        Assert.All(batch, datagram => Assert.Equal(Somebody, datagram.RemoteEndPoint));
        Assert.Equal(3, batch.AddSegments("fghij"u8, 3));
        Assert.Equal(0, batch.AddSegments("k"u8, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.AddSegments("a"u8, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.AddSegments("a"u8, 0));
    }

    [Fact]
    public async Task An_error_behind_datagrams_is_told_by_the_next_receive_whichever_it_is()
    {
        await using MemoryNetwork network = new();
        using ScriptedSocket socket = new(network, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        DatagramBatch batch = new();
        SocketAddress from = socket.CreateAddress();
        for (int i = 0; i < 2; i++)
        {
            socket.Give("a"u8.ToArray(), IPAddress.Loopback);
            socket.Give("b"u8.ToArray(), IPAddress.Loopback);
            socket.Give(SocketError.ConnectionRefused);
            await socket.ReceiveBatchAsync(batch, CancellationToken.None);
            Assert.Equal(["a", "b"], Texts(batch));
            SocketException e = await Assert.ThrowsAsync<SocketException>(async () =>
            {
                if (i == 0)
                    await socket.ReceiveBatchAsync(batch, CancellationToken.None);
                else
                    await socket.ReceiveFromAsync(new byte[1], from);
            });
            Assert.Equal(SocketError.ConnectionRefused, e.SocketErrorCode);
        }

        socket.Give("c"u8.ToArray(), IPAddress.Loopback);
        await socket.ReceiveBatchAsync(batch, CancellationToken.None);
        Assert.Equal(["c"], Texts(batch));
    }

    /// <summary>What somebody else derives from <see cref="DatagramSocket"/> has batches, too.</summary>
    [Fact]
    public async Task A_socket_of_another_kind_has_batches_of_single_datagrams()
    {
        await using MemoryNetwork network = new();
        await using DatagramSocket server = await network.OpenDatagramAsync("udp://127.0.0.1:9000");
        await using DatagramSocket client = new PlainDatagramSocket(await network.ConnectDatagramAsync("udp://127.0.0.1:9000"));
        DatagramBatch batch = new(lengthMax: DatagramSocket.DatagramMax + 1), received = new();
        batch.Add("a"u8);
        batch.Add("b"u8, Somebody);
        batch.Add(new byte[DatagramSocket.DatagramMax + 1]);
        batch.Add("c"u8);
        await Assert.ThrowsAsync<SocketException>(async () => await client.SendAsync(batch));
        Assert.Equal(2, batch.SentCount);
        await client.SendAsync(batch, first: 3);
        Assert.Equal(4, batch.SentCount);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await client.SendAsync(batch, first: 5));
        await server.ReceiveAsync(received);
        Assert.Equal(["a", "b", "c"], Texts(received));
        await server.SendAsync(received);
        foreach (string text in new[] { "a", "b", "c" })
        {
            await client.ReceiveAsync(received);
            Assert.Equal([text], Texts(received));
            Assert.Equal(Somebody, received[0].RemoteEndPoint);
        }
    }

    private static string[] Texts(DatagramBatch batch) => [.. batch.Select(datagram => Payload.Text(datagram.Bytes.Span))];

    private sealed class PlainDatagramSocket(DatagramSocket inner) : DatagramSocket
    {
        public override Address Address => inner.Address;

        public override IReadOnlyList<EndPoint> LocalEndPoints => inner.LocalEndPoints;

        public override EndPoint? RemoteEndPoint => inner.RemoteEndPoint;

        public override TimeProvider TimeProvider => inner.TimeProvider;

        public override NetworkSocket? Socket => null;

        public override SocketAddress CreateAddress() => inner.CreateAddress();

        public override ValueTask<DatagramResult> ReceiveAsync(Memory<byte> buffer, SocketAddress from, CancellationToken cancellationToken = default) =>
            inner.ReceiveAsync(buffer, from, cancellationToken);

        public override ValueTask SendAsync(ReadOnlyMemory<byte> datagram, SocketAddress to, CancellationToken cancellationToken = default) =>
            inner.SendAsync(datagram, to, cancellationToken);

        public override ValueTask SendAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken = default) => inner.SendAsync(datagram, cancellationToken);

        public override ValueTask SendAsync(ReadOnlyMemory<byte> datagram, EndPoint to, CancellationToken cancellationToken = default) =>
            inner.SendAsync(datagram, to, cancellationToken);

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
