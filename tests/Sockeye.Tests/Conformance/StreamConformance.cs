using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>Connected byte streams: what is sent arrives, in order, once.</summary>
public abstract class StreamConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    private const int Large = 1024 * 1024;

    /// <summary>More than any socket takes at once.</summary>
    private const int Huge = 16 * Large;

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Both_directions_carry_a_large_stream_at_once(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        byte[] payload = Payload.Of(Large);
        Task sending = client.SendAllAsync(payload).AsTask();
        Task answering = server.SendAllAsync(payload).AsTask();
        Task<byte[]> receiving = server.ReceiveExactlyAsync(Large).AsTask();
        byte[] answer = await client.ReceiveExactlyAsync(Large);
        await Task.WhenAll(sending, answering);
        Assert.Equal(payload, await receiving);
        Assert.Equal(payload, answer);
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_receive_takes_what_fits_and_leaves_the_rest(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        await client.SendTextAsync("abcdefghij");
        byte[] buffer = new byte[4];
        Assert.Equal(4, await server.ReceiveAsync(buffer));
        Assert.Equal("abcd", Payload.Text(buffer));
        Assert.Equal("efghij", await server.ReceiveTextAsync());
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Sends_have_no_boundaries(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        await client.SendTextAsync("one");
        await client.SendTextAsync("two");
        Assert.Equal("onetwo", Payload.Text(await server.ReceiveExactlyAsync(6)));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_receive_waits_for_the_first_byte(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        Task<string> receiving = server.ReceiveTextAsync().AsTask();
        Assert.False(receiving.IsCompleted);
        await client.SendTextAsync("late");
        Assert.Equal("late", await receiving);
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Zero_bytes_are_the_orderly_end_and_stay_it(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        await client.SendTextAsync("last");
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("last", Payload.Text(await server.ReceiveToEndAsync()));
        Assert.Equal(0, await server.ReceiveAsync(new byte[1]));
        Assert.Equal(SocketError.Success, server.TryReceive(new byte[1], out int count));
        Assert.Equal(0, count);
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Plain_calls_return_at_once_when_they_need_not_wait(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        Assert.Equal(3, client.Send("abc"u8));
        client.SendAll("def"u8);
        await server.UntilAsync(SocketEvents.Readable);
        byte[] buffer = new byte[3];
        Assert.Equal(3, server.Receive(buffer));
        Assert.Equal("abc", Payload.Text(buffer));
        await server.UntilAsync(SocketEvents.Readable);
        Assert.Equal(3, server.ReceiveAll(buffer));
        Assert.Equal("def", Payload.Text(buffer));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Trying_to_receive_never_waits(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        byte[] buffer = new byte[8];
        Assert.Equal(SocketError.WouldBlock, server.TryReceive(buffer, out int count));
        Assert.Equal(0, count);
        await client.SendTextAsync("now");
        await server.UntilAsync(SocketEvents.Readable);
        Assert.Equal(SocketError.Success, server.TryReceive(buffer, out count));
        Assert.Equal(3, count);
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_send_may_be_partial_and_says_how_much(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        byte[] payload = Payload.Of(Huge);
        int count = await client.SendAsync(payload);
        Assert.InRange(count, 1, payload.Length - 1);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(payload[..count], await server.ReceiveToEndAsync());
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Trying_to_send_more_than_fits_would_block_and_sends_nothing(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        await using SocketPair pair = new(client, server);
        int total = await Fixture.FillAsync(pair);
        Assert.Equal(SocketError.WouldBlock, client.TrySend("x"u8, out int count));
        Assert.Equal(0, count);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(Payload.Of(total), await server.ReceiveToEndAsync());
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_send_that_waits_goes_on_when_the_peer_receives(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        await using SocketPair pair = new(client, server);
        int total = await Fixture.FillAsync(pair);
        Task<int> sending = client.SendAsync(new byte[] { 255 }).AsTask();
        Assert.False(sending.IsCompleted);
        Assert.Equal(Payload.Of(total), await server.ReceiveExactlyAsync(total));
        Assert.Equal(1, await sending);
        Assert.Equal([255], await server.ReceiveExactlyAsync(1));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_failing_SendAll_says_what_was_sent_before(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        byte[] payload = Payload.Of(Huge);
        client.Timeout = TimeSpan.Zero;
        SocketException e = Fails(SocketError.WouldBlock, () => client.SendAll(payload));
        int sent = NetworkSocket.SentBefore(e);
        Assert.InRange(sent, 1, payload.Length - 1);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(payload[..sent], await server.ReceiveToEndAsync());
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task ReceiveAll_goes_on_until_full_and_is_short_only_at_the_end(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        byte[] buffer = new byte[6];
        Task<int> receiving = server.ReceiveAllAsync(buffer).AsTask();
        await client.SendTextAsync("abc");
        await client.SendTextAsync("defgh");
        Assert.Equal(6, await receiving);
        Assert.Equal("abcdef", Payload.Text(buffer));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(2, await server.ReceiveAllAsync(buffer));
        Assert.Equal("gh", Payload.Text(buffer.AsSpan(0, 2)));
        Assert.Equal(0, server.ReceiveAll(buffer));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_failing_ReceiveAll_says_what_came_before(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        await client.SendTextAsync("abc");
        await server.UntilAsync(SocketEvents.Readable);
        server.Timeout = TimeSpan.Zero;
        byte[] buffer = new byte[6];
        SocketException e = Fails(SocketError.WouldBlock, () => server.ReceiveAll(buffer));
        Assert.Equal(3, NetworkSocket.ReceivedBefore(e));
        Assert.Equal("abc", Payload.Text(buffer.AsSpan(0, 3)));

        await client.SendTextAsync("def");
        await server.UntilAsync(SocketEvents.Readable);
        e = await FailsAsync(SocketError.WouldBlock, server.ReceiveAllAsync(buffer));
        Assert.Equal(3, NetworkSocket.ReceivedBefore(e));
        Assert.Equal("def", Payload.Text(buffer.AsSpan(0, 3)));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Peeking_leaves_the_bytes(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        await client.SendTextAsync("look");
        byte[] buffer = new byte[8];
        Assert.Equal(4, await server.ReceiveAsync(buffer, SocketFlags.Peek));
        Assert.Equal(4, server.Receive(buffer, SocketFlags.Peek));
        Assert.Equal(0, server.BytesReceived);
        Assert.Equal("look", await server.ReceiveTextAsync());
        Assert.Equal(4, server.BytesReceived);
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Several_buffers_are_sent_as_one_and_filled_in_order(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        Assert.Equal(6, await client.SendAsync([Payload.Text("ab"), Payload.Text(""), Payload.Text("cdef")]));
        byte[] first = new byte[3], second = new byte[8];
        await server.UntilAsync(SocketEvents.Readable);
        Assert.Equal(6, server.Receive([first, second]));
        Assert.Equal("abc", Payload.Text(first));
        Assert.Equal("def", Payload.Text(second.AsSpan(0, 3)));

        Assert.Equal(3, client.Send([Payload.Text("x"), Payload.Text("yz")]));
        Assert.Equal(3, await server.ReceiveAsync([first, second]));
        Assert.Equal("xyz", Payload.Text(first));
        Assert.Equal((9, 9), (client.BytesSent, server.BytesReceived));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Buffers_that_are_not_arrays_do_as_well(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        using UnmanagedBytes bytes = new(4);
        Payload.Text("hide").CopyTo(bytes.Memory.Span);
        Assert.Equal(4, await client.SendAsync([bytes.Memory]));
        bytes.Memory.Span.Clear();
        Assert.Equal(4, await server.ReceiveAsync([bytes.Memory[..2], bytes.Memory[2..]]));
        Assert.Equal("hide", Payload.Text(bytes.Memory.Span));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Sending_nothing_is_no_end(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        Assert.Equal(0, await client.SendAsync(ReadOnlyMemory<byte>.Empty));
        await client.SendAllAsync(ReadOnlyMemory<byte>.Empty);
        Assert.Equal(SocketError.WouldBlock, server.TryReceive(new byte[1], out _));
        await client.SendTextAsync("x");
        Assert.Equal("x", await server.ReceiveTextAsync());
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_stream_reads_writes_and_ends(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        await using Stream writing = client.AsStream();
        await using Stream reading = server.AsStream(ownsSocket: false);
        StreamWriter writer = new(writing) { NewLine = "\n" };
        StreamReader reader = new(reading);
        await writer.WriteLineAsync("first");
        await writer.WriteLineAsync("second");
        await writer.FlushAsync();
        Assert.Equal("first", await reader.ReadLineAsync());
        Assert.Equal("second", await reader.ReadLineAsync());
        await writer.DisposeAsync();
        Assert.True(client.IsClosed);
        Assert.Null(await reader.ReadLineAsync());
        reader.Dispose();
        Assert.False(server.IsClosed);
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_stream_wraps_socket_errors(StreamKind kind) => RunAsync(kind, async (client, _) =>
    {
        await using Stream stream = client.AsStream();
        stream.ReadTimeout = 2000;
        Assert.Equal(2 * Second, client.Timeout);
        client.Timeout = TimeSpan.Zero;
        IOException e = await Assert.ThrowsAsync<IOException>(() => stream.ReadExactlyAsync(new byte[1]).AsTask());
        Assert.Equal(SocketError.WouldBlock, Assert.IsType<SocketException>(e.InnerException).SocketErrorCode);
        e = Assert.Throws<IOException>(() => stream.ReadExactly(new byte[1]));
        Assert.Equal(SocketError.WouldBlock, Assert.IsType<SocketException>(e.InnerException).SocketErrorCode);
        e = Assert.Throws<IOException>(() => stream.Write(Payload.Of(Huge)));
        Assert.Equal(SocketError.WouldBlock, Assert.IsType<SocketException>(e.InnerException).SocketErrorCode);
        e = await Assert.ThrowsAsync<IOException>(() => stream.WriteAsync(Payload.Of(Large)).AsTask());
        Assert.Equal(SocketError.WouldBlock, Assert.IsType<SocketException>(e.InnerException).SocketErrorCode);
    });

    [FeatureTheory(Feature.OutOfBand)]
    [InlineData(StreamKind.Tcp4)]
    [InlineData(StreamKind.Tcp6)]
    public Task An_urgent_byte_overtakes_the_stream(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        await client.SendTextAsync("abc");
        Assert.Equal(1, await client.SendAsync(Payload.Text("!"), SocketFlags.OutOfBand));
        await server.UntilAsync(SocketEvents.Priority);
        byte[] urgent = new byte[1];
        Assert.Equal(1, server.Receive(urgent, SocketFlags.OutOfBand));
        Assert.Equal("!", Payload.Text(urgent));
        Assert.Equal("abc", await server.ReceiveTextAsync());
    });

    [FeatureTheory(Feature.OutOfBand)]
    [InlineData(StreamKind.Tcp4)]
    [InlineData(StreamKind.Tcp6)]
    public Task A_receive_waits_for_the_urgent_byte(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        // A connection that has never had urgent data answers EINVAL rather than EAGAIN (tcp(7)): let it have one first.
        byte[] urgent = new byte[1];
        client.Send("1"u8, SocketFlags.OutOfBand);
        await server.UntilAsync(SocketEvents.Priority);
        Assert.Equal(1, await server.ReceiveAsync(urgent, SocketFlags.OutOfBand));
        Assert.Equal("1", Payload.Text(urgent));
    });

    [FeatureTheory(Feature.OutOfBand)]
    [InlineData(StreamKind.Tcp4)]
    [InlineData(StreamKind.Tcp6)]
    public Task Urgent_data_can_stay_in_the_stream(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        server.OutOfBandInline = true;
        await client.SendTextAsync("abc");
        await client.SendAsync(Payload.Text("!"), SocketFlags.OutOfBand);
        await client.SendTextAsync("def");
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("abc!def", Payload.Text(await server.ReceiveToEndAsync()));
    });
}
