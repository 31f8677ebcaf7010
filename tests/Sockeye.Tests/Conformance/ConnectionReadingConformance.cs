using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary><see cref="Connection.Input"/>: reading pulls, keeps what was not consumed, and loses nothing.</summary>
public abstract class ConnectionReadingConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    [FeatureTheory(Feature.WholeWrites)]
    [MemberData(nameof(StreamKinds))]
    public Task What_was_examined_comes_again_with_the_next_bytes(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        await client.WriteTextAsync("one ");
        ReadResult result = await server.Input.ReadAsync();
        server.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        Task<ReadResult> reading = server.Input.ReadAsync().AsTask();
        Assert.False(reading.IsCompleted);
        await client.WriteTextAsync("two");
        result = await reading;
        Assert.Equal("one two", Payload.Text(result.Buffer.ToArray()));
        server.Input.AdvanceTo(result.Buffer.GetPosition(4), result.Buffer.End);
        await client.Output.CompleteAsync();
        Assert.Equal("two", Payload.Text(await server.Input.ReadToEndAsync()));
    });

    [FeatureTheory(Feature.WholeWrites)]
    [MemberData(nameof(StreamKinds))]
    public Task What_was_not_examined_is_there_at_once(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        await client.WriteTextAsync("abc");
        Assert.Equal("a", Payload.Text(await server.Input.ReadExactlyAsync(1)));
        Assert.True(server.Input.TryRead(out ReadResult result));
        Assert.Equal("bc", Payload.Text(result.Buffer.ToArray()));
        server.Input.AdvanceTo(result.Buffer.End);
        Assert.False(server.Input.TryRead(out _));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task The_end_is_told_with_the_last_bytes_and_again(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        await client.WriteTextAsync("last");
        await client.Output.CompleteAsync();
        ReadResult result = await server.Input.ReadAtLeastAsync(5);
        Assert.True(result.IsCompleted);
        Assert.Equal("last", Payload.Text(result.Buffer.ToArray()));
        server.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        result = await server.Input.ReadAsync();
        Assert.True(result.IsCompleted);
        Assert.Equal(4, result.Buffer.Length);
        server.Input.AdvanceTo(result.Buffer.End);
        Assert.True(server.Input.TryRead(out result));
        Assert.True(result is { IsCompleted: true, Buffer.IsEmpty: true });
        server.Input.AdvanceTo(result.Buffer.End);
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Without_reading_nothing_is_taken_and_the_peer_has_to_wait(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        byte[] payload = Payload.Of(16 * 1024 * 1024);
        long handshake = server.BytesReceived;
        Task<FlushResult> writing = client.Output.WriteAsync(payload).AsTask();
        await server.Socket!.UntilAsync(SocketEvents.Readable);
        await Fixture.SettleAsync();
        Assert.False(writing.IsCompleted);
        Assert.Equal(handshake, server.BytesReceived);
        Assert.InRange(client.BytesSent, 1, payload.Length - 1);

        Assert.Equal(payload[..1000], await server.Input.ReadExactlyAsync(1000));

        // Compressed, one receive may make room for all the rest.
        if (Fixture.CountsPayload)
            Assert.False(writing.IsCompleted);
        Task completing = CompleteAsync();
        Assert.Equal(payload[1000..], await server.Input.ReadToEndAsync());
        await completing;

        async Task CompleteAsync()
        {
            await writing;
            await client.Output.CompleteAsync();
        }
    });

    [Fact]
    public Task Examining_without_consuming_has_a_limit() => RunConnectedAsync(
        StreamKind.Tcp4,
        async (client, server) =>
        {
            Task<FlushResult> writing = client.Output.WriteAsync(Payload.Of(100_000)).AsTask();
            ProtocolException e = await Assert.ThrowsAsync<ProtocolException>(async () =>
            {
                while (true)
                {
                    ReadResult result = await server.Input.ReadAsync();
                    server.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                }
            });
            Assert.Contains(nameof(StreamOptions.InputBufferMax), e.Message, StringComparison.Ordinal);
            if (Fixture.CountsPayload)
                Assert.InRange(server.BytesReceived, 8192, 65536);
            client.Abort();
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                await writing;
                throw new OperationCanceledException();
            });
        },
        new StreamOptions { InputBufferMax = 8192 });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_pending_read_can_be_cancelled_from_elsewhere(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        Task<ReadResult> reading = server.Input.ReadAsync().AsTask();
        server.Input.CancelPendingRead();
        ReadResult result = await reading;
        Assert.True(result is { IsCanceled: true, IsCompleted: false, Buffer.IsEmpty: true });
        server.Input.AdvanceTo(result.Buffer.End);

        server.Input.CancelPendingRead();
        result = await server.Input.ReadAsync();
        Assert.True(result.IsCanceled);
        server.Input.AdvanceTo(result.Buffer.End);

        await client.WriteTextAsync("still here");
        Assert.Equal("still here", Payload.Text(await server.Input.ReadExactlyAsync(10)));
    });

    [Fact]
    public Task Cancelling_reads_while_data_trickles_loses_no_byte() => RunConnectedAsync(StreamKind.Tcp4, async (client, server) =>
    {
        const int Times = 1000;
        byte[] payload = Payload.Of(Times);
        List<byte> received = [];
        for (int i = 0; i < Times; i++)
        {
            using CancellationTokenSource stop = new();
            Task<ReadResult> reading = server.Input.ReadAsync(stop.Token).AsTask();
            Task<FlushResult> writing = client.Output.WriteAsync(payload.AsMemory(i, 1)).AsTask();
            await stop.CancelAsync();
            await writing;
            try
            {
                ReadResult result = await reading;
                received.AddRange(result.Buffer.ToArray());
                server.Input.AdvanceTo(result.Buffer.End);
            }
            catch (OperationCanceledException)
            {
                // What came meanwhile is still to be read.
            }
        }

        await client.Output.CompleteAsync();
        received.AddRange(await server.Input.ReadToEndAsync());
        Assert.Equal(payload, received);
    });

    [Fact]
    public Task Advancing_is_checked() => RunConnectedAsync(StreamKind.Tcp4, async (client, server) =>
    {
        await client.WriteTextAsync("abc");
        ReadResult result = await server.Input.ReadAtLeastAsync(3);
        SequencePosition end = result.Buffer.End;
        Assert.Throws<ArgumentOutOfRangeException>(() => server.Input.AdvanceTo(end, result.Buffer.Start));
        server.Input.AdvanceTo(result.Buffer.Start, end);
        Assert.Throws<InvalidOperationException>(() => server.Input.AdvanceTo(end));
    });

    [Fact]
    public Task A_completed_reader_reads_no_more() => RunConnectedAsync(StreamKind.Tcp4, async (client, server) =>
    {
        await client.WriteTextAsync("abc");
        await server.Input.CompleteAsync();
        await server.Input.CompleteAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await server.Input.ReadAsync());
        Assert.Throws<InvalidOperationException>(() => server.Input.TryRead(out _));
        await server.WriteTextAsync("the other direction goes on");
        Assert.Equal("the other", Payload.Text(await client.Input.ReadExactlyAsync(9)));
    });

    [Fact]
    public Task A_peer_that_drips_is_read_to_the_end() => RunConnectedAsync(StreamKind.Tcp4, async (client, server) =>
    {
        byte[] payload = Payload.Of(5000);
        Task dripping = DripAsync();
        ReadResult result;
        do
        {
            result = await server.Input.ReadAsync();
            server.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
        while (!result.IsCompleted);
        Assert.Equal(payload, await server.Input.ReadToEndAsync());
        await dripping;

        async Task DripAsync()
        {
            for (int i = 0; i < payload.Length; i++)
                await client.Output.WriteAsync(payload.AsMemory(i, 1));
            await client.Output.CompleteAsync();
        }
    });
}
