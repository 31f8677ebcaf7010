using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary><see cref="Connection.Output"/>: flushing sends, waits for the network, and sends nothing twice.</summary>
public abstract class ConnectionWritingConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    private const int Huge = 16 * 1024 * 1024;

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Both_directions_carry_a_large_stream_at_once(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        byte[] payload = Payload.Of(1024 * 1024);
        Task<byte[]> there = server.Input.ReadToEndAsync().AsTask();
        Task<byte[]> back = client.Input.ReadToEndAsync().AsTask();
        await Task.WhenAll(SendAsync(client), SendAsync(server));
        Assert.Equal(payload, await there);
        Assert.Equal(payload, await back);
        if (Fixture.CountsPayload)
            Assert.Equal((payload.Length, payload.Length), (client.BytesSent, client.BytesReceived));

        async Task SendAsync(Connection connection)
        {
            await connection.WriteAsync(payload);
            await connection.Output.CompleteAsync();
        }
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Nothing_leaves_before_it_is_flushed(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        long handshake = client.BytesSent;
        client.Output.Write("held"u8);
        Assert.True(client.Output.CanGetUnflushedBytes);
        Assert.Equal(4, client.Output.UnflushedBytes);
        await Fixture.SettleAsync();
        Assert.Equal(handshake, client.BytesSent);
        Assert.False(server.Input.TryRead(out _));
        FlushResult result = await client.Output.FlushAsync();
        Assert.False(result.IsCanceled || result.IsCompleted);
        Assert.Equal(0, client.Output.UnflushedBytes);
        Assert.Equal("held", Payload.Text(await server.Input.ReadExactlyAsync(4)));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task What_was_written_before_goes_before(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        client.Output.Write("first "u8);
        await client.WriteTextAsync("second");
        Assert.Equal("first second", Payload.Text(await server.Input.ReadExactlyAsync(12)));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_cancelled_flush_keeps_what_was_not_sent_for_the_next(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        byte[] payload = Payload.Of(Huge / 2);
        for (int at = 0; at < payload.Length; at += 65536)
            client.Output.Write(payload.AsSpan(at, Math.Min(65536, payload.Length - at)));
        using CancellationTokenSource stop = new();
        Task<FlushResult> flushing = client.Output.FlushAsync(stop.Token).AsTask();
        await server.Socket!.UntilAsync(SocketEvents.Readable);
        await stop.CancelAsync();
        await CancelledAsync(flushing);
        Assert.InRange(client.Output.UnflushedBytes, 1, payload.Length - 1);
        Task completing = client.Output.CompleteAsync().AsTask();
        Assert.Equal(payload, await server.Input.ReadToEndAsync());
        await completing;
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_cancelled_write_is_kept_and_sent_once(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        byte[] payload = Payload.Of(Huge / 2);
        using CancellationTokenSource stop = new();
        Task<FlushResult> writing = client.Output.WriteAsync(payload, stop.Token).AsTask();
        await server.Socket!.UntilAsync(SocketEvents.Readable);
        await stop.CancelAsync();
        await CancelledAsync(writing);
        Task completing = client.Output.CompleteAsync().AsTask();
        Assert.Equal(payload, await server.Input.ReadToEndAsync());
        await completing;
    });

    [Fact]
    public Task A_write_cancelled_before_writes_nothing() => RunConnectedAsync(StreamKind.Tcp4, async (client, _) =>
    {
        long handshake = client.BytesSent;
        await CancelledAsync(async () => await client.Output.WriteAsync(new byte[1], new CancellationToken(canceled: true)));
        await CancelledAsync(async () => await client.Output.FlushAsync(new CancellationToken(canceled: true)));
        Assert.Equal((0, handshake), (client.Output.UnflushedBytes, client.BytesSent));
    });

    [Fact]
    public Task A_pending_flush_can_be_cancelled_from_elsewhere() => RunConnectedAsync(
        StreamKind.Tcp4,
        async (client, server) =>
        {
            byte[] payload = Payload.Of(Huge);
            Task<FlushResult> writing = client.Output.WriteAsync(payload).AsTask();
            await server.Socket!.UntilAsync(SocketEvents.Readable);
            client.Output.CancelPendingFlush();
            FlushResult result = await writing;
            Assert.True(result.IsCanceled);
            Task completing = client.Output.CompleteAsync().AsTask();
            Assert.Equal(payload, await server.Input.ReadToEndAsync());
            await completing;
        },
        new StreamOptions());

    [Fact]
    public Task Writing_without_flushing_has_a_limit() => RunConnectedAsync(
        StreamKind.Tcp4,
        (client, _) =>
        {
            InvalidOperationException e = Assert.Throws<InvalidOperationException>(() =>
            {
                for (int i = 0; i < 10; i++)
                    client.Output.Write(new byte[1000]);
            });
            Assert.Contains(nameof(StreamOptions.OutputBufferMax), e.Message, StringComparison.Ordinal);
            Assert.InRange(client.Output.UnflushedBytes, 7000, 8192);
            return Task.CompletedTask;
        },
        new StreamOptions { OutputBufferMax = 8192, InputBufferMax = 64 * 1024 * 1024 });

    [Fact]
    public Task One_write_may_be_longer_than_the_limit() => RunConnectedAsync(
        StreamKind.Tcp4,
        async (client, server) =>
        {
            byte[] payload = Payload.Of(Huge / 2);
            client.Output.Write("before"u8);
            Task<FlushResult> writing = client.Output.WriteAsync(payload).AsTask();
            Assert.Equal("before", Payload.Text(await server.Input.ReadExactlyAsync(6)));
            Assert.Equal(payload, await server.Input.ReadExactlyAsync(payload.Length));
            Assert.False((await writing).IsCanceled);
            Assert.Equal(0, client.Output.UnflushedBytes);
        },
        new StreamOptions { OutputBufferMax = 8192, InputBufferMax = 64 * 1024 * 1024 });

    [Fact]
    public Task Memory_is_checked() => RunConnectedAsync(StreamKind.Tcp4, (client, _) =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => client.Output.Advance(1));
        Memory<byte> memory = client.Output.GetMemory(10);
        Assert.True(memory.Length >= 10);
        Assert.Throws<ArgumentOutOfRangeException>(() => client.Output.Advance(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => client.Output.Advance(memory.Length + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => client.Output.GetSpan(-1));
        return Task.CompletedTask;
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Completing_ends_this_direction_and_the_other_goes_on(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        client.Output.Write("flushed by completing"u8);
        await client.Output.CompleteAsync();
        await client.Output.CompleteAsync();
        Assert.Equal("flushed by completing", Payload.Text(await server.Input.ReadToEndAsync()));
        await server.WriteTextAsync("the answer");
        Assert.Equal("the answer", Payload.Text(await client.Input.ReadExactlyAsync(10)));
        Assert.Throws<InvalidOperationException>(() => client.Output.GetMemory());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.Output.WriteAsync(new byte[1]));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Completing_does_not_wait_and_still_sends_all(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        byte[] payload = Payload.Of(Huge / 2);
        using CancellationTokenSource stop = new();
        Task<FlushResult> writing = client.Output.WriteAsync(payload, stop.Token).AsTask();
        await stop.CancelAsync();
        await CancelledAsync(writing);
        client.Output.Complete();
        Assert.Equal(payload, await server.Input.ReadToEndAsync());
    });

    [Theory]
    [InlineData(StreamKind.Tcp4)]
    [InlineData(StreamKind.Tcp6)]
    public Task Completing_with_an_exception_resets(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        Task<ReadResult> reading = server.Input.ReadAsync().AsTask();
        client.Output.Complete(new InvalidDataException("no good"));
        await FailsAsync(SocketError.ConnectionReset, () => reading);
        Assert.True(client.Closed.IsCancellationRequested);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await client.Input.ReadAsync());
    });

    [Theory]
    [InlineData(StreamKind.Tcp4)]
    [InlineData(StreamKind.Tcp6)]
    public Task A_peers_reset_fails_reading_and_flushing(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        client.Abort();
        SocketException e = await FailsAsync(SocketError.ConnectionReset, server.Input.ReadAsync());
        Assert.Contains("reset", e.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SocketException>(async () => await server.WriteTextAsync("x"));
        Assert.False(server.Closed.IsCancellationRequested);
    });

    [Fact]
    public Task Disposing_lets_a_write_under_way_go_first() => RunAsync(async () =>
    {
        await using ConnectionPair pair = await Fixture.ConnectionsAsync(StreamKind.Tcp4);
        byte[] payload = Payload.Of(8 * 1024 * 1024);
        Task writing = pair.Client.Output.WriteAsync(payload).AsTask();
        Assert.False(writing.IsCompleted);
        Task disposing = pair.Client.DisposeAsync().AsTask();
        byte[] received = await pair.Server.Input.ReadToEndAsync();
        await writing;
        Assert.Equal(payload.Length, received.Length);
        Assert.True(payload.AsSpan().SequenceEqual(received));
        await pair.Server.Output.CompleteAsync();
        await disposing;
    });

    [Fact]
    public Task A_second_writer_is_refused() => RunAsync(async () =>
    {
        await using ConnectionPair pair = await Fixture.ConnectionsAsync(StreamKind.Tcp4);
        Task writing = pair.Client.Output.WriteAsync(Payload.Of(8 * 1024 * 1024)).AsTask();
        Assert.False(writing.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await pair.Client.Output.FlushAsync());
        pair.Client.Abort();
        await Assert.ThrowsAsync<SocketException>(() => writing);
    });
}
