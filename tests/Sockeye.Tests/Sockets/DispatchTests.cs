using System.IO.Pipelines;
using System.Net.Sockets;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Sockets;

/// <summary>Where a socket's network runs handlers, and where its readers give way.</summary>
public class DispatchTests
{
    [Fact]
    public async Task A_reader_that_always_finds_bytes_gives_way()
    {
        using DispatchingSocket socket = new();
        Connection connection = socket.Network.CreateConnection(socket);
        for (int turn = 0; turn < 5; turn++)
        {
            ValueTask<ReadResult> reading = ReadOn(connection.Input, out _);
            Assert.Equal(16 * (turn + 1), socket.Receives);
            Assert.Equal(1, socket.Waiting);

            socket.RunNext();
            await Consume(connection.Input, reading);
        }
    }

    [Fact]
    public async Task A_wait_is_giving_way_and_starts_the_count_anew()
    {
        using DispatchingSocket socket = new();
        Connection connection = socket.Network.CreateConnection(socket);
        for (int i = 0; i < 10; i++)
            await Consume(connection.Input, connection.Input.ReadAsync());
        socket.HasBytes = false;
        ValueTask<ReadResult> waiting = connection.Input.ReadAsync();
        Assert.False(waiting.IsCompleted);

        socket.HasBytes = true;
        socket.SignalCore(SocketEvents.Readable);
        await Consume(connection.Input, waiting);
        ValueTask<ReadResult> next = ReadOn(connection.Input, out int reads);

        Assert.Equal(15, reads);
        socket.RunNext();
        await Consume(connection.Input, next);
    }

    [Fact]
    public async Task A_close_in_the_middle_ends_a_read_that_gives_way()
    {
        using DispatchingSocket socket = new();
        Connection connection = socket.Network.CreateConnection(socket);
        ValueTask<ReadResult> reading = ReadOn(connection.Input, out _);

        connection.Abort();
        socket.RunNext();

        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await reading);
        Assert.Equal(SocketError.OperationAborted, e.SocketErrorCode);
    }

    [Fact]
    public async Task A_close_that_drains_gives_way_too()
    {
        using DispatchingSocket socket = new();
        Connection connection = socket.Network.CreateConnection(socket);

        Task closing = connection.DisposeAsync().AsTask();
        Assert.Equal(1, socket.Waiting);
        Assert.InRange(socket.Receives, 1, 16);
        for (int turn = 0; turn < 3; turn++)
            socket.RunNext();
        Assert.InRange(socket.Receives, 17, 64);
        Assert.False(closing.IsCompleted);

        connection.Abort();
        socket.RunNext();
        await closing;
    }

    [Fact]
    public async Task A_reader_gives_way_while_the_close_drains()
    {
        using DispatchingSocket socket = new();
        Connection connection = socket.Network.CreateConnection(socket);
        ValueTask<ReadResult> reading = ReadOn(connection.Input, out _);
        Task closing = connection.DisposeAsync().AsTask();
        Assert.Equal(2, socket.Waiting);

        socket.RunNext();
        await Consume(connection.Input, reading);
        socket.RunNext();
        connection.Abort();
        while (socket.Waiting > 0)
            socket.RunNext();
        await closing;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_writer_whose_bytes_are_always_taken_gives_way(bool isFlushing)
    {
        using DispatchingSocket socket = new();
        Connection connection = socket.Network.CreateConnection(socket);
        for (int turn = 0; turn < 5; turn++)
        {
            ValueTask<FlushResult> writing = WriteOn(connection.Output, isFlushing, out _);
            Assert.Equal((16 * (turn + 1), 1), (socket.Sends, socket.Waiting));
            socket.RunNext();
            await writing;
        }
    }

    [Fact]
    public async Task A_wait_of_a_writer_is_giving_way_and_starts_the_count_anew()
    {
        using DispatchingSocket socket = new();
        Connection connection = socket.Network.CreateConnection(socket);
        for (int i = 0; i < 10; i++)
            await connection.Output.WriteAsync(new byte[1]);
        socket.Takes = false;
        ValueTask<FlushResult> waiting = connection.Output.WriteAsync(new byte[1]);
        Assert.False(waiting.IsCompleted);
        socket.Takes = true;
        socket.SignalCore(SocketEvents.Writable);
        await waiting;

        // The write that waited was the first of the next sixteen.
        ValueTask<FlushResult> next = WriteOn(connection.Output, isFlushing: false, out int writes);
        Assert.Equal(14, writes);
        socket.RunNext();
        await next;
    }

    /// <summary>An echo server's conversation: to give way as well would cost each sixteenth message a turn through the pool.</summary>
    [Fact]
    public async Task A_writer_never_gives_way_whose_reader_waits_in_between()
    {
        using DispatchingSocket socket = new() { HasBytes = false };
        Connection connection = socket.Network.CreateConnection(socket);
        for (int i = 0; i < 100; i++)
        {
            Task<ReadResult> reading = connection.Input.ReadAsync().AsTask();
            Assert.True(connection.Output.WriteAsync(new byte[1]).AsTask().IsCompletedSuccessfully);
            connection.Input.CancelPendingRead();
            Assert.True((await reading).IsCanceled);
            connection.Input.AdvanceTo(default);
        }

        Assert.Equal((100, 0), (socket.Sends, socket.Waiting));
    }

    [Fact]
    public async Task A_flush_of_nothing_never_gives_way()
    {
        using DispatchingSocket socket = new();
        Connection connection = socket.Network.CreateConnection(socket);
        for (int i = 0; i < 100; i++)
            Assert.True(connection.Output.FlushAsync().AsTask().IsCompletedSuccessfully);
        Assert.Equal(0, socket.Waiting);
        await connection.Output.CompleteAsync();
    }

    /// <summary>What it wrote has gone, so the close neither waits for it nor takes the connection for one with bytes left.</summary>
    [Fact]
    public async Task A_close_does_not_wait_for_a_writer_that_gives_way()
    {
        using DispatchingSocket socket = new() { HasBytes = false };
        Connection connection = socket.Network.CreateConnection(socket);
        ValueTask<FlushResult> writing = WriteOn(connection.Output, isFlushing: false, out _);
        await connection.Output.CompleteAsync();
        connection.Abort();
        await connection.DisposeAsync();
        Assert.False(writing.IsCompleted);
        socket.RunNext();
        await writing;
    }

    [Fact]
    public async Task A_handler_starts_where_its_connections_socket_says()
    {
        using DispatchingSocket socket = new();
        OfferedListener listener = new();
        TaskCompletionSource<int> thread = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource stop = new();
        Task serving = Server.RunAsync(
            listener,
            (_, _) =>
            {
                thread.SetResult(Environment.CurrentManagedThreadId);
                return Task.CompletedTask;
            },
            stop: stop.Token);

        listener.Offer(socket.Network.CreateConnection(socket));
        await socket.HasWorkAsync().Within();
        Assert.False(thread.Task.IsCompleted);

        // It starts within the call, on this thread.
        int here = Environment.CurrentManagedThreadId;
        socket.HasBytes = false;
        socket.RunNext();
        Assert.True(thread.Task.IsCompleted);
        Assert.Equal(here, await thread.Task);

        socket.Abort();
        await stop.CancelAsync();
        await serving.Within();
    }

    /// <summary>Reads until a read does not end at once; that one.</summary>
    private static ValueTask<ReadResult> ReadOn(PipeReader input, out int reads)
    {
        for (reads = 0; reads < 1000; reads++)
        {
            ValueTask<ReadResult> reading = input.ReadAsync();
            if (!reading.IsCompleted)
                return reading;
            input.AdvanceTo(reading.Result.Buffer.End);
        }

        throw new InvalidOperationException("the reader never gave way");
    }

    /// <summary>Writes until a write does not end at once; that one.</summary>
    private static ValueTask<FlushResult> WriteOn(PipeWriter output, bool isFlushing, out int writes)
    {
        for (writes = 0; writes < 1000; writes++)
        {
            if (isFlushing)
            {
                output.GetSpan(1)[0] = 1;
                output.Advance(1);
            }

            ValueTask<FlushResult> writing = isFlushing ? output.FlushAsync() : output.WriteAsync(new byte[1]);
            if (!writing.IsCompleted)
                return writing;
        }

        throw new InvalidOperationException("the writer never gave way");
    }

    private static async Task Consume(PipeReader input, ValueTask<ReadResult> reading) => input.AdvanceTo((await reading).Buffer.End);
}
