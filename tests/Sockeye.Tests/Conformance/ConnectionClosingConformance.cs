using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>How a connection ends: in order, at a deadline, by an abort, or by giving its socket back.</summary>
public abstract class ConnectionClosingConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    private static readonly StreamOptions Large = new() { OutputBufferMax = 64 * 1024 * 1024 };

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Disposing_flushes_ends_and_waits_for_the_peers_end(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        client.Output.Write("last words"u8);
        Task disposing = client.DisposeAsync().AsTask();
        Assert.Equal("last words", Payload.Text(await server.Input.ReadToEndAsync()));
        Assert.False(disposing.IsCompleted);
        Assert.False(client.Closed.IsCancellationRequested);
        await server.DisposeAsync();
        await disposing;
        Assert.True(client.Closed.IsCancellationRequested);
        Assert.True(client.Socket!.IsClosed);
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Disposing_behind_the_peers_end_ends_in_order(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        await client.WriteTextAsync("question");
        await client.Output.CompleteAsync();
        Assert.Equal("question", Payload.Text(await server.Input.ReadToEndAsync()));
        await server.WriteTextAsync("answer");
        CancellationToken closed = server.Closed;
        await Task.WhenAll(server.DisposeAsync().AsTask(), server.DisposeAsync().AsTask());
        Assert.True(closed.IsCancellationRequested);
        Assert.True(server.Socket!.IsClosed);
        Assert.Equal("answer", Payload.Text(await client.Input.ReadToEndAsync()));
    });

    /// <summary>The option (SO_LINGER, no time) makes a plain close a reset.</summary>
    [FeatureTheory(Feature.RawOptions)]
    [InlineData(false)]
    [InlineData(true)]
    public Task So_it_does_whatever_its_socket_or_its_listeners_is_to_do_when_it_closes(bool isListeners) => RunAsync(async () =>
    {
        const int SocketLevel = 1, LingerOption = 13;
        byte[] atOnce = [1, 0, 0, 0, 0, 0, 0, 0];
        using NetworkSocket listener = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        listener.Bind(new IPEndPoint(Fixture.Address4, 0));
        listener.Listen();
        if (isListeners)
            listener.SetOption(SocketLevel, LingerOption, atOnce);
        using NetworkSocket client = Fixture.Client.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        await client.ConnectAsync(listener.LocalEndPoint!);
        NetworkSocket accepted = await listener.AcceptAsync();
        if (!isListeners)
            accepted.SetOption(SocketLevel, LingerOption, atOnce);
        Connection server = Fixture.Server.CreateConnection(accepted);
        client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await server.Input.ReadToEndAsync());
        await server.DisposeAsync();
        Assert.Equal(0, await client.ReceiveAsync(new byte[1]));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Disposing_with_unread_input_destroys_nothing_on_its_way(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        await server.WriteTextAsync("nobody reads this");
        await client.Socket!.UntilAsync(SocketEvents.Readable);
        await client.WriteTextAsync("goodbye");
        Task disposing = client.DisposeAsync().AsTask();
        await server.WriteTextAsync("nor this");
        Assert.Equal("goodbye", Payload.Text(await server.Input.ReadToEndAsync()));
        await server.Output.CompleteAsync();
        await disposing;
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_peer_that_does_not_end_is_left_after_LingerTimeout(StreamKind kind) => RunConnectedAsync(
        kind,
        async (client, server) =>
        {
            Task disposing = client.DisposeAsync().AsTask();
            Assert.Empty(await server.Input.ReadToEndAsync());
            await Fixture.ElapseAsync(4.9 * Second);
            Assert.False(disposing.IsCompleted);
            await Fixture.ElapseAsync(0.1 * Second);
            await disposing;
            Assert.True(client.Closed.IsCancellationRequested);
        },
        new StreamOptions { LingerTimeout = 5 * Second });

    [Fact]
    public Task LingerTimeout_is_two_seconds_unless_told() => RunConnectedAsync(StreamKind.Tcp4, async (client, _) =>
    {
        Task disposing = client.DisposeAsync().AsTask();
        await Fixture.ElapseAsync(1.9 * Second);
        Assert.False(disposing.IsCompleted);
        await Fixture.ElapseAsync(0.1 * Second);
        await disposing;
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_peer_that_takes_nothing_is_left_after_LingerTimeout(StreamKind kind) => RunConnectedAsync(
        kind,
        async (client, server) =>
        {
            using CancellationTokenSource stop = new();
            Task<FlushResult> writing = client.Output.WriteAsync(Payload.Of(16 * 1024 * 1024), stop.Token).AsTask();
            await server.Socket!.UntilAsync(SocketEvents.Readable);
            await stop.CancelAsync();
            await CancelledAsync(writing);
            Task disposing = client.DisposeAsync().AsTask();
            Assert.False(disposing.IsCompleted);
            await Fixture.ElapseUntilAsync(disposing, Second);
            await disposing;
            if (kind is StreamKind.Tcp4 or StreamKind.Tcp6)
                await FailsAsync(SocketError.ConnectionReset, async () => await server.Input.ReadToEndAsync());
        },
        Large);

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Disposing_while_a_flush_waits_sends_each_byte_once(StreamKind kind) => DisposeInTheMiddleAsync(kind, (client, payload) =>
    {
        client.Output.Write(payload);
        return client.Output.FlushAsync().AsTask();
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Disposing_while_a_write_waits_sends_it_whole(StreamKind kind) =>
        DisposeInTheMiddleAsync(kind, (client, payload) => client.Output.WriteAsync(payload).AsTask());

    [Fact]
    public Task A_peer_that_never_stops_sending_is_left_after_LingerTimeout() => RunConnectedAsync(StreamKind.Tcp4, async (client, server) =>
    {
        Task disposing = client.DisposeAsync().AsTask();
        Exception? ended = null;
        byte[] flood = new byte[65536];
        while (ended is null)
        {
            try
            {
                await server.WriteAsync(flood);
                await Fixture.ElapseAsync(0.1 * Second);
            }
            catch (SocketException e)
            {
                ended = e;
            }
        }

        await disposing;
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Disposing_twice_is_disposing_once(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        Task first = client.DisposeAsync().AsTask();
        Task second = client.DisposeAsync().AsTask();
        Assert.False(second.IsCompleted);
        await server.DisposeAsync();
        await Task.WhenAll(first, second, client.DisposeAsync().AsTask());
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Aborting_cuts_a_disposing_short(StreamKind kind) => RunConnectedAsync(kind, async (client, _) =>
    {
        Task disposing = client.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        client.Abort();
        await disposing;
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Disposing_ends_a_read_that_waits(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        Task<ReadResult> reading = client.Input.ReadAsync().AsTask();
        Task disposing = client.DisposeAsync().AsTask();
        await server.DisposeAsync();
        await disposing;
        try
        {
            Assert.True((await reading).IsCompleted);
        }
        catch (SocketException e)
        {
            Assert.Equal(SocketError.OperationAborted, e.SocketErrorCode);
        }
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Aborting_ends_reads_and_flushes_with_its_reason(StreamKind kind) => RunConnectedAsync(kind, async (client, _) =>
    {
        Task<ReadResult> reading = client.Input.ReadAsync().AsTask();
        Task<FlushResult> writing = client.Output.WriteAsync(Payload.Of(16 * 1024 * 1024)).AsTask();
        await Fixture.SettleAsync();
        InvalidDataException reason = new("the peer talks nonsense");
        client.Abort(reason);
        client.Abort(new InvalidOperationException("too late"));
        Assert.Same(reason, await Assert.ThrowsAsync<InvalidDataException>(() => reading));
        Assert.Same(reason, await Assert.ThrowsAsync<InvalidDataException>(() => writing));
        Assert.True(client.Closed.IsCancellationRequested);
        await client.DisposeAsync();
    }, Large);

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Aborting_without_a_reason_says_that_it_was_aborted(StreamKind kind) => RunConnectedAsync(kind, async (client, _) =>
    {
        Task<ReadResult> reading = client.Input.ReadAsync().AsTask();
        client.Abort();
        await FailsAsync(SocketError.OperationAborted, () => reading);
        await FailsAsync(SocketError.OperationAborted, async () => await client.WriteTextAsync("x"));
    });

    [Fact]
    public Task Closed_fires_for_whoever_asks_late() => RunConnectedAsync(StreamKind.Tcp4, (client, server) =>
    {
        CancellationToken early = client.Closed;
        Assert.False(early.IsCancellationRequested);
        client.Abort();
        server.Abort();
        Assert.True(early.IsCancellationRequested);
        Assert.True(server.Closed.IsCancellationRequested);
        return Task.CompletedTask;
    });

    [FeatureTheory(Feature.Detaching)]
    [MemberData(nameof(StreamKinds))]
    public Task Detaching_gives_the_socket_back_with_what_was_not_consumed(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        await client.WriteTextAsync("taken unread");
        Assert.Equal("taken ", Payload.Text(await server.Input.ReadExactlyAsync(6)));
        CancellationToken closed = server.Closed;
        (NetworkSocket socket, ReadOnlyMemory<byte> unread) = server.Detach();
        using NetworkSocket owned = socket;
        Assert.True(closed.IsCancellationRequested);
        await client.WriteTextAsync(" later");
        Assert.Equal("unread later", Payload.Text(unread.Span) + await socket.ReceiveTextAsync());
        await socket.SendTextAsync("back");
        Assert.Equal("back", Payload.Text(await client.Input.ReadExactlyAsync(4)));
        await server.DisposeAsync();
        Assert.False(socket.IsClosed);
        await using Connection again = socket.Network.CreateConnection(socket);
        await client.WriteTextAsync("!");
        Assert.Equal("!", Payload.Text(await again.Input.ReadExactlyAsync(1)));
        again.Abort();
    });

    [FeatureTheory(Feature.Detaching)]
    [MemberData(nameof(StreamKinds))]
    public Task What_is_done_to_a_detached_connection_leaves_its_socket_alone(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        using NetworkSocket socket = server.Detach().Socket;
        server.Abort();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await server.Output.WriteAsync(new byte[1]));
        await server.Output.CompleteAsync();
        await server.DisposeAsync();
        Assert.False(socket.IsClosed);
        await socket.SendTextAsync("alive");
        Assert.Equal("alive", Payload.Text(await client.Input.ReadExactlyAsync(5)));
    });

    [FeatureFact(Feature.Detaching)]
    public Task Detaching_with_unsent_bytes_is_refused() => RunConnectedAsync(StreamKind.Tcp4, async (client, server) =>
    {
        client.Output.Write("x"u8);
        Assert.Throws<InvalidOperationException>(() => client.Detach());
        await client.Output.FlushAsync();
        client.Detach().Socket.Dispose();
        Assert.Equal("x", Payload.Text(await server.Input.ReadToEndAsync()));
    });

    [Fact]
    public Task A_wrapper_passes_all_through_but_the_socket() => RunConnectedAsync(StreamKind.Tcp4, async (client, server) =>
    {
        await using Connection wrapper = new Wrapper(client);
        await wrapper.WriteTextAsync("through");
        Assert.Equal("through", Payload.Text(await server.Input.ReadExactlyAsync(7)));
        Assert.Equal((client.LocalEndPoint, client.RemoteEndPoint, 7L), (wrapper.LocalEndPoint, wrapper.RemoteEndPoint, wrapper.BytesSent));
        Assert.Throws<NotSupportedException>(() => wrapper.Detach());
        wrapper.Abort();
        Assert.True(client.Closed.IsCancellationRequested);
        Assert.True(wrapper.Closed.IsCancellationRequested);
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_stream_reads_writes_and_disposes_the_connection(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        await using Stream writing = client.AsStream();
        await using Stream reading = server.AsStream();
        Assert.True(writing is { CanRead: true, CanWrite: true, CanSeek: false });
        await writing.WriteAsync(Payload.Text("through a stream"));
        await writing.FlushAsync();
        byte[] buffer = new byte[16];
        await reading.ReadExactlyAsync(buffer);
        Assert.Equal("through a stream", Payload.Text(buffer));
        Task disposing = writing.DisposeAsync().AsTask();
        Assert.Equal(0, await reading.ReadAsync(buffer));
        await reading.DisposeAsync();
        await disposing;
        Assert.True(client.Closed.IsCancellationRequested);
        Assert.True(server.Closed.IsCancellationRequested);
    });

    [Fact]
    public Task A_stream_wraps_socket_errors() => RunConnectedAsync(StreamKind.Tcp4, async (client, server) =>
    {
        Stream stream = server.AsStream();
        client.Abort();
        IOException e = await Assert.ThrowsAsync<IOException>(async () => await stream.ReadExactlyAsync(new byte[1]));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(e.InnerException).SocketErrorCode);
        e = await Assert.ThrowsAsync<IOException>(async () => await stream.WriteAsync(new byte[1]));
        Assert.IsType<SocketException>(e.InnerException);
    });

    [Fact]
    public Task An_aborted_stream_wraps_it_too() => RunConnectedAsync(StreamKind.Tcp4, async (client, _) =>
    {
        Stream stream = client.AsStream();
        Task reading = stream.ReadExactlyAsync(new byte[1]).AsTask();
        client.Abort();
        IOException e = await Assert.ThrowsAsync<IOException>(() => reading);
        Assert.Equal(SocketError.OperationAborted, Assert.IsType<SocketException>(e.InnerException).SocketErrorCode);
    });

    [Fact]
    public Task A_stream_wraps_the_reason_of_an_abort() => RunConnectedAsync(StreamKind.Tcp4, async (client, _) =>
    {
        Stream stream = client.AsStream();
        Task reading = stream.ReadExactlyAsync(new byte[1]).AsTask();
        TimeoutException reason = new("too slow");
        client.Abort(reason);
        Assert.Same(reason, (await Assert.ThrowsAsync<IOException>(() => reading)).InnerException);
        Assert.Same(reason, (await Assert.ThrowsAsync<IOException>(async () => await stream.WriteAsync(new byte[1]))).InnerException);
    });

    [Fact]
    public Task A_connection_knows_its_ends_its_counts_and_its_handshake() => RunAsync(async () =>
    {
        await using Listener listener = await Fixture.Server.ListenAsync(Address.FromEndPoint(new IPEndPoint(Fixture.Address4, 0)));
        Task<Connection?> accepting = listener.AcceptAsync().AsTask();
        await using Connection client = await Fixture.Client.ConnectAsync(listener.Address);
        await using Connection? server = await accepting;
        Assert.Equal(listener.LocalEndPoints[0], client.RemoteEndPoint);
        Assert.Equal(client.LocalEndPoint, server!.RemoteEndPoint);
        Assert.NotNull(client.HandshakeTime);
        Assert.Null(server.HandshakeTime);
        await client.WriteTextAsync("12345");
        await server.Input.ReadExactlyAsync(2);
        Assert.Equal((5L, 0L, 5L, 0L), (client.BytesSent, client.BytesReceived, server.BytesReceived, server.BytesSent));
        EndPoint peer = server.RemoteEndPoint!;
        client.Abort();
        server.Abort();

        // Who was asked for before stays known.
        Assert.Equal((listener.LocalEndPoints[0], peer), (client.RemoteEndPoint, server.RemoteEndPoint));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_flush_that_comes_while_disposing_is_too_late_and_sends_nothing_twice(StreamKind kind) => RunConnectedAsync(kind, async (client, server) =>
    {
        byte[] payload = Payload.Of(8 * 1024 * 1024);
        client.Output.Write(payload);
        Task disposing = client.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        await FailsAsync(SocketError.OperationAborted, client.Output.FlushAsync());
        Assert.Equal(payload, await server.Input.ReadToEndAsync());
        await server.DisposeAsync();
        await disposing;
    }, Large);

    private async Task DisposeInTheMiddleAsync(StreamKind kind, Func<Connection, byte[], Task<FlushResult>> write)
    {
        // Both wait for the same event: often enough to meet.
        const int Times = 20;
        byte[] payload = Payload.Of(2 * 1024 * 1024);
        for (int i = 0; i < Times; i++)
        {
            await RunConnectedAsync(kind, async (client, server) =>
            {
                client.Socket!.SendBufferSize = 64 * 1024;
                Task<FlushResult> writing = write(client, payload);
                Assert.False(writing.IsCompleted);
                Task disposing = client.DisposeAsync().AsTask();
                Assert.Equal(payload, await server.Input.ReadToEndAsync());
                await writing;
                await server.DisposeAsync();
                await disposing;
            }, Large);
        }
    }

    private sealed class Wrapper(Connection inner) : DelegatingConnection(inner);
}
