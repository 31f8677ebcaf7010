using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary><see cref="DatagramBatch"/>: several datagrams in one call are what as many calls would have made of them.</summary>
public abstract class DatagramBatchConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    private const int LengthMax = 64;

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task A_batch_has_whole_datagrams_in_order_and_knows_each_sender(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        string[] texts = ["one", "", "three", "four", "five"];
        DatagramBatch batch = new(datagramsMax: texts.Length);
        foreach (string text in texts)
            await client.SendAsync(Payload.Text(text), server.LocalEndPoints[0]);
        List<string> received = [];
        while (received.Count < texts.Length)
        {
            await server.ReceiveAsync(batch);
            Assert.NotEmpty(batch);
            foreach (BatchedDatagram datagram in batch)
            {
                received.Add(Payload.Text(datagram.Bytes.Span));
                Assert.False(datagram.Truncated);
                Assert.Equal(client.LocalEndPoints[0], datagram.RemoteEndPoint);
                Assert.Equal(client.LocalEndPoints[0], EndPoints.FromAddress(datagram.RemoteAddress!));
            }
        }

        Assert.Equal(texts, received);
        Assert.Equal(texts.Sum(text => text.Length), server.Socket!.BytesReceived);
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task A_batch_is_sent_back_changed(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        DatagramBatch batch = new(), answers = new();
        await client.SendAsync(Payload.Text("ping"), server.LocalEndPoints[0]);
        await server.ReceiveAsync(batch);
        BatchedDatagram only = Assert.Single(batch);
        only.Bytes.Span[1] = (byte)'o';
        only.Length = 6;
        Assert.Equal([0, 0], only.Bytes[4..].ToArray());
        Payload.Text("ng").CopyTo(only.Bytes[4..]);
        await server.SendAsync(batch);
        Assert.Equal(1, batch.SentCount);
        await client.ReceiveAsync(answers);
        Assert.Equal("pongng", Payload.Text(Assert.Single(answers).Bytes.Span));
        Assert.Equal(server.LocalEndPoints[0], answers[0].RemoteEndPoint);
    });

    /// <summary>Runs of one length to one address, broken by another length, by an empty one, by another address: what may go as one message and what may not.</summary>
    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task Each_receiver_gets_its_own_in_order_and_none_joined(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        await using DatagramSocket other = await Fixture.ClientFor(client.LocalEndPoints[0]).OpenDatagramAsync(client.Address.WithEndPoint(Fixture.NewClientEndPoint(kind)));
        DatagramBatch batch = new(lengthMax: LengthMax);
        foreach (string text in new[] { "aa1", "aa2", "aa3", "b", "longer", "c1", "c2", "", "", "d1", "d2", "d3" })
            batch.Add(Payload.Text(text), client.LocalEndPoints[0]);
        batch.Add(Payload.Text("d4"), other.LocalEndPoints[0]);
        batch.Add(Payload.Text("d5"), client.LocalEndPoints[0]);
        int count = batch.Count;
        await SendAsync(server, batch, client, count - 1, "aa1", "aa2", "aa3", "b", "longer", "c1", "c2", "", "", "d1", "d2", "d3", "d5");
        Assert.Equal(["d4"], await ReceiveTextsAsync(other, 1));
        Assert.Equal(count, batch.SentCount);
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task A_buffer_is_cut_into_datagrams(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        const int Length = 50;
        byte[] bytes = Payload.Of((7 * Length) + 3);
        DatagramBatch batch = new(datagramsMax: 3, lengthMax: LengthMax), received = new(datagramsMax: 2, lengthMax: LengthMax);
        SocketAddress to = server.LocalEndPoints[0].Serialize();
        List<byte> all = [];
        for (int at = 0; at < bytes.Length;)
        {
            batch.Clear();
            int added = batch.AddSegments(bytes.AsSpan(at), Length, to);
            Assert.Equal(Math.Min(3 * Length, bytes.Length - at), added);
            at += added;
            await client.SendAsync(batch);
            for (int got = 0; got < batch.Count; got += received.Count)
            {
                await server.ReceiveAsync(received);
                foreach (BatchedDatagram datagram in received)
                {
                    Assert.Equal(Math.Min(Length, bytes.Length - all.Count), datagram.Length);
                    all.AddRange(datagram.Bytes.Span);
                }
            }
        }

        Assert.Equal(bytes, all);
        Assert.Equal(bytes.Length, client.Socket!.BytesSent);
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task What_is_cut_says_so_and_its_rest_is_gone(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        foreach (string text in new[] { "too long", "fits" })
            await client.SendAsync(Payload.Text(text), server.LocalEndPoints[0]);
        DatagramBatch batch = new(datagramsMax: 1, lengthMax: 4);
        await server.ReceiveAsync(batch);
        Assert.True(batch[0].Truncated);
        Assert.Equal("too ", Payload.Text(batch[0].Bytes.Span));
        await server.ReceiveAsync(batch);
        Assert.False(batch[0].Truncated);
        Assert.Equal("fits", Payload.Text(batch[0].Bytes.Span));
    });

    [Fact]
    public Task One_that_cannot_go_is_told_by_its_place_and_those_behind_can_go_on() => RunAsync(DatagramKind.Udp4, async (client, server) =>
    {
        DatagramBatch batch = new(datagramsMax: 5, lengthMax: DatagramSocket.DatagramMax + 1);
        SocketAddress to = server.LocalEndPoints[0].Serialize();
        foreach (string text in new[] { "a1", "a2" })
            batch.Add(Payload.Text(text), to);
        batch.Add(new byte[DatagramSocket.DatagramMax + 1], to);
        foreach (string text in new[] { "b1", "b2" })
            batch.Add(Payload.Text(text), to);
        SocketException e = await FailsAsync(SocketError.MessageSize, client.SendAsync(batch));
        Assert.Contains("datagram 3 of 5", e.Message, StringComparison.Ordinal);
        Assert.Contains(server.LocalEndPoints[0].ToString()!, e.Message, StringComparison.Ordinal);
        Assert.Equal(2, batch.SentCount);
        await client.SendAsync(batch, batch.SentCount + 1);
        Assert.Equal(batch.Count, batch.SentCount);
        Assert.Equal(["a1", "a2", "b1", "b2"], await ReceiveTextsAsync(server, 4));
    });

    [FeatureFact(Feature.DatagramBackpressure | Feature.AbstractNames)]
    public Task A_send_that_is_cancelled_in_the_middle_says_how_many_went() => RunFullAsync(async (client, server, batch) =>
    {
        using CancellationTokenSource stop = new();
        Task sending = client.SendAsync(batch, stop.Token).AsTask();
        Assert.False(sending.IsCompleted);
        await stop.CancelAsync();
        await CancelledAsync(sending);
        int sent = batch.SentCount;
        Assert.InRange(sent, 0, batch.Count - 1);
        Task going = client.SendAsync(batch, sent).AsTask();
        await ReceiveNumbersAsync(server, batch.Count);
        await going;
        Assert.Equal(batch.Count, batch.SentCount);
    });

    [FeatureFact(Feature.DatagramBackpressure | Feature.AbstractNames)]
    public Task A_send_waits_for_room_and_goes_on_where_it_was() => RunFullAsync(async (client, server, batch) =>
    {
        Task sending = client.SendAsync(batch).AsTask();
        Assert.False(sending.IsCompleted);
        await ReceiveNumbersAsync(server, batch.Count);
        await sending;
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task Cancelling_a_receive_loses_nothing(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        DatagramBatch batch = new();
        using CancellationTokenSource stop = new();
        Task receiving = server.ReceiveAsync(batch, stop.Token).AsTask();
        await stop.CancelAsync();
        await CancelledAsync(receiving);
        Assert.Empty(batch);
        await client.SendAsync(Payload.Text("x"), server.LocalEndPoints[0]);
        Assert.Equal(["x"], await ReceiveTextsAsync(server, 1));
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task Disposing_ends_a_receive(DatagramKind kind) => RunAsync(kind, async (_, server) =>
    {
        Task receiving = server.ReceiveAsync(new DatagramBatch()).AsTask();
        await server.DisposeAsync();
        await FailsAsync(SocketError.OperationAborted, () => receiving);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await server.ReceiveAsync(new DatagramBatch()));
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task A_connected_socket_needs_no_address(DatagramKind kind) => RunAsync(kind, async (_, server) =>
    {
        await using DatagramSocket client = await Fixture.ClientFor(server.LocalEndPoints[0]).ConnectDatagramAsync(server.Address);
        DatagramBatch batch = new();
        foreach (string text in new[] { "a1", "a2", "b" })
            Assert.Null(batch.Add(Payload.Text(text)).RemoteAddress);
        await SendAsync(client, batch, server, 3, "a1", "a2", "b");
    });

    [Fact]
    public Task Without_a_peer_a_datagram_needs_an_address() => RunAsync(DatagramKind.Udp4, async (client, server) =>
    {
        DatagramBatch batch = new();
        batch.Add(Payload.Text("goes"), server.LocalEndPoints[0]);
        batch.Add(Payload.Text("does not"));
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await client.SendAsync(batch));
        Assert.Contains(e.SocketErrorCode, new[] { SocketError.DestinationAddressRequired, SocketError.NotConnected });
        Assert.Equal(1, batch.SentCount);
        Assert.Equal(["goes"], await ReceiveTextsAsync(server, 1));
    });

    /// <summary>The network tells late that nobody is there: by then others of the batch may have gone.</summary>
    [FeatureFact(Feature.RefusedDatagrams)]
    public Task A_refused_batch_is_reported_to_a_connected_sender() => RunAsync(DatagramKind.Udp4, async (_, server) =>
    {
        await using DatagramSocket client = await Fixture.Client.ConnectDatagramAsync(server.Address.WithEndPoint(server.LocalEndPoints[0]));
        await server.DisposeAsync();
        DatagramBatch batch = new();
        foreach (string text in new[] { "a1", "a2", "long", "b" })
            batch.Add(Payload.Text(text));
        await FailsAsync(SocketError.ConnectionRefused, async () =>
        {
            await client.SendAsync(batch);
            await client.ReceiveAsync(batch);
        });
    });

    [Fact]
    public Task Both_loopbacks_are_one_socket() => RunAsync(async () =>
    {
        await using DatagramSocket server = await Fixture.Server.OpenDatagramAsync("udp://localhost:0");
        List<DatagramSocket> clients = [];
        DatagramBatch batch = new();
        foreach (EndPoint local in server.LocalEndPoints)
        {
            DatagramSocket client = await Fixture.Server.ConnectDatagramAsync(Address.FromEndPoint(local, SocketType.Dgram));
            clients.Add(client);
            await client.SendAsync(Payload.Text("hello"));
            await server.ReceiveAsync(batch);
            Assert.Equal(client.LocalEndPoints[0], Assert.Single(batch).RemoteEndPoint);
        }

        batch.Clear();
        foreach (DatagramSocket client in clients.Concat(clients))
            batch.Add(Payload.Text("back"), client.LocalEndPoints[0]);
        await server.SendAsync(batch);
        Assert.Equal(batch.Count, batch.SentCount);
        foreach (DatagramSocket client in clients)
        {
            Assert.Equal(["back", "back"], await ReceiveTextsAsync(client, 2));
            await client.DisposeAsync();
        }
    });

    [Fact]
    public Task Every_interface_answers_senders_of_both_families() => RunAsync(async () =>
    {
        await using DatagramSocket server = await Fixture.Server.OpenDatagramAsync("udp://*:0");
        await using DatagramSocket client = await Fixture.Client.ConnectDatagramAsync($"udp://{Fixture.Address4}:{server.Address.Port}");
        DatagramBatch batch = new();
        batch.Add(Payload.Text("x"));
        await client.SendAsync(batch);
        await server.ReceiveAsync(batch);
        Assert.Equal(client.LocalEndPoints[0], batch[0].RemoteEndPoint);

        // Once as it came, and once by the plain end point.
        batch.Add(Payload.Text("y"), client.LocalEndPoints[0]);
        await SendAsync(server, batch, client, 2, "x", "y");
    });

    [Fact]
    public Task Each_datagram_is_told_of_by_itself() => RunAsync(DatagramKind.Udp4, async (client, server) =>
    {
        MemoryRecorder recorder = new();
        using IDisposable ours = client.Observe(recorder), theirs = server.Observe(recorder);
        DatagramBatch batch = new();
        batch.AddSegments(Payload.Text("aabbc"), 2, server.LocalEndPoints[0].Serialize());
        await SendAsync(client, batch, server, 3, "aa", "bb", "c");
        foreach ((SocketEventKind kind, EndPoint remote) in new[] { (SocketEventKind.Sent, server.LocalEndPoints[0]), (SocketEventKind.Received, client.LocalEndPoints[0]) })
        {
            SocketEvent[] told = [.. recorder.Events.Where(e => e.Kind == kind)];
            Assert.Equal(["aa", "bb", "c"], told.Select(e => Payload.Text(e.Data.Span)));
            Assert.All(told, e => Assert.Equal(remote, e.Remote));
        }
    });

    /// <summary>Where the kernel puts datagrams together they come out as they were sent, whichever call asks; where it cannot, the option does no harm.</summary>
    [Theory]
    [InlineData(DatagramKind.Udp4)]
    [InlineData(DatagramKind.Udp6)]
    public Task Coalesced_datagrams_come_one_by_one(DatagramKind kind) => RunAsync(kind, async (client, _) =>
    {
        await using DatagramSocket server = await Fixture.Server.OpenDatagramAsync($"{Address.FromEndPoint(Fixture.NewEndPoint(kind), SocketType.Dgram)}?gro");
        SocketAddress to = server.LocalEndPoints[0].Serialize();
        DatagramBatch batch = new(lengthMax: LengthMax), small = new(datagramsMax: 2, lengthMax: LengthMax);
        batch.AddSegments(Payload.Text("a1a2a3a4a5a6a7"), 2, to);
        batch.Add(Payload.Text("b"), to);
        batch.Add(default, to);
        batch.Add(Payload.Text("c"), to);
        await client.SendAsync(batch);

        await server.ReceiveAsync(small);
        List<string> texts = [.. small.Select(datagram => Payload.Text(datagram.Bytes.Span))];
        Assert.All(small, datagram => Assert.Equal(client.LocalEndPoints[0], datagram.RemoteEndPoint));
        NetworkSocket socket = server.Socket!;
        Assert.Equal(SocketEvents.Readable, await socket.UntilAsync(SocketEvents.Readable));
        Assert.Equal(SocketEvents.Readable, socket.Poll(SocketEvents.Readable));
        byte[] buffer = new byte[1];
        Assert.Equal(SocketError.Success, socket.TryReceiveFrom(buffer, out DatagramResult cut, flags: SocketFlags.Peek));
        Assert.True(cut.Truncated);
        ReceivedDatagram single = await server.ReceiveAsync(new byte[LengthMax]);
        texts.Add(Payload.Text(single.Bytes.Span));
        Assert.Equal(client.LocalEndPoints[0], single.From);
        byte[] part = new byte[1], other = new byte[1];
        Assert.Equal(2, await socket.ReceiveAsync([part, other]));
        texts.Add(Payload.Text([.. part, .. other]));
        texts.AddRange(await ReceiveTextsAsync(server, batch.Count - texts.Count));
        Assert.Equal(["a1", "a2", "a3", "a4", "a5", "a6", "a7", "b", "", "c"], texts);
    });

    /// <summary>Receives so many datagrams, by as many batches as it takes.</summary>
    private static async Task<List<string>> ReceiveTextsAsync(DatagramSocket socket, int count)
    {
        DatagramBatch batch = new(lengthMax: LengthMax);
        List<string> texts = [];
        while (texts.Count < count)
        {
            await socket.ReceiveAsync(batch);
            texts.AddRange(batch.Select(datagram => Payload.Text(datagram.Bytes.Span)));
        }

        return texts;
    }

    /// <summary>Sends a batch of which the receiver is to get so many, these. A Unix socket may have room for less than a batch.</summary>
    private static async Task SendAsync(DatagramSocket sender, DatagramBatch batch, DatagramSocket receiver, int count, params string[] expected)
    {
        Task sending = sender.SendAsync(batch).AsTask();
        Assert.Equal(expected, await ReceiveTextsAsync(receiver, count));
        await sending;
    }

    /// <summary>Receives numbers that count from zero.</summary>
    private static async Task ReceiveNumbersAsync(DatagramSocket socket, int count)
    {
        DatagramBatch batch = new(lengthMax: LengthMax);
        for (int got = 0; got < count; got += batch.Count)
        {
            await socket.ReceiveAsync(batch);
            for (int i = 0; i < batch.Count; i++)
                Assert.Equal(got + i, BitConverter.ToInt32(batch[i].Bytes.Span));
        }
    }

    /// <summary>Runs a scenario over two sockets, and a batch of numbers of which the server has not room for all.</summary>
    private Task RunFullAsync(Func<DatagramSocket, DatagramSocket, DatagramBatch, Task> scenario) => RunAsync(DatagramKind.Abstract, async (client, server) =>
    {
        SocketAddress to = server.LocalEndPoints[0].Serialize();
        server.Socket!.ReceiveBufferSize = NetworkFixture.FilledBufferSize;
        byte[] filling = new byte[LengthMax];
        int room = 0;
        while (client.Socket!.TrySendTo(filling, to, out _) == SocketError.Success)
            room++;
        for (int i = 0; i < room; i++)
            await server.ReceiveAsync(filling);
        DatagramBatch batch = new(room + 5, LengthMax);
        for (int i = 0; i < batch.DatagramsMax; i++)
        {
            BatchedDatagram datagram = batch.Add(filling, to);
            BitConverter.TryWriteBytes(datagram.Bytes.Span, i);
        }

        await scenario(client, server, batch);
    });

    /// <summary>Runs a scenario over two sockets that are open to anybody, the client's first.</summary>
    private Task RunAsync(DatagramKind kind, Func<DatagramSocket, DatagramSocket, Task> scenario)
    {
        if (!Fixture.Has(kind))
            return Task.CompletedTask;
        return RunAsync(async () =>
        {
            EndPoint local = Fixture.NewEndPoint(kind);
            await using DatagramSocket server = await Fixture.Server.OpenDatagramAsync(Address.FromEndPoint(local, SocketType.Dgram));
            await using DatagramSocket client = await Fixture.ClientFor(local).OpenDatagramAsync(Address.FromEndPoint(Fixture.NewClientEndPoint(kind), SocketType.Dgram));
            await scenario(client, server);
        });
    }
}
