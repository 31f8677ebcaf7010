using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>
/// A receive that stops short of its buffer has read all there is, so the next need not ask. That is not so where something else stopped it: an end, an error, an
/// urgent byte, passed descriptors. None of these may be taken for the end of what comes, nor wait for a signal that has been given.
/// </summary>
public abstract class EdgeTests(Engine engine) : ReactorTests(engine)
{
    private const int Rounds = 50;
    private const int Repeats = 5;
    private const int TcpLevel = 6;
    private const int CorkOption = 3;

    private readonly bool _isShort = engine.IsShort();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Data_and_the_end_in_one_segment(bool isAwaited) => RunPairsAsync(async (peer, connection) =>
    {
        Task<byte[]>? reading = isAwaited ? connection.Input.ReadToEndAsync().AsTask() : null;

        // Held back until the end comes, which goes with it.
        peer.SetOption(TcpLevel, CorkOption, BitConverter.GetBytes(1));
        await peer.SendTextAsync("hello");
        peer.Shutdown(SocketShutdown.Send);
        reading ??= connection.Input.ReadToEndAsync().AsTask();
        Assert.Equal("hello", Payload.Text(await reading));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task An_end_right_after_a_short_read(bool isAwaited) => RunPairsAsync(async (peer, connection) =>
    {
        await SendAndReadAsync(peer, connection, "hello");
        if (!isAwaited)
            peer.Shutdown(SocketShutdown.Send);
        Task<byte[]> reading = connection.Input.ReadToEndAsync().AsTask();
        peer.Shutdown(SocketShutdown.Send);
        Assert.Empty(await reading);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_reset_after_data(bool isRead) => RunPairsAsync(async (peer, connection) =>
    {
        if (isRead)
            await SendAndReadAsync(peer, connection, "hello");
        Task<byte[]> reading = connection.Input.ReadToEndAsync().AsTask();
        await InOneBurstAsync(connection, async () =>
        {
            await peer.SendTextAsync("more");
            peer.Abort();
        });
        SocketException e = await Assert.ThrowsAsync<SocketException>(() => reading);
        Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
    });

    /// <summary>A receive stops before an urgent byte, and the byte itself is no data: what is behind must be read without a further signal.</summary>
    [Theory]
    [InlineData("tcp://127.0.0.1:0")]
    [InlineData(AnyName)]
    public Task Urgent_bytes_between_reads(string address) => RunPairsAsync(async (peer, connection) =>
    {
        for (int i = 0; i < 5; i++)
        {
            await SendAndReadAsync(peer, connection, "abc");
            await peer.SendAsync("!"u8.ToArray(), SocketFlags.OutOfBand);
            await SendAndReadAsync(peer, connection, "def");
        }

        peer.Shutdown(SocketShutdown.Send);
        Assert.Empty(await connection.Input.ReadToEndAsync());
    }, address);

    /// <summary>As before, but all comes at once. An urgent byte that another overtakes unread is data like any other (tcp(7)).</summary>
    [Fact]
    public Task Urgent_bytes_in_a_burst() => RunPairsAsync(async (peer, connection) =>
    {
        await SendAndReadAsync(peer, connection, "begin");
        Task<byte[]> reading = ReadWithoutMarksAsync(connection, 6 * Repeats);
        await InOneBurstAsync(connection, async () =>
        {
            for (int i = 0; i < Repeats; i++)
            {
                await peer.SendTextAsync("abc");
                await peer.SendAsync("!"u8.ToArray(), SocketFlags.OutOfBand);
                await peer.SendTextAsync("def");
            }
        });
        Assert.Equal(string.Concat(Enumerable.Repeat("abcdef", Repeats)), Payload.Text(await reading));
        peer.Shutdown(SocketShutdown.Send);
        Assert.Empty(await connection.Input.ReadToEndAsync());
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Passed_descriptors_in_the_middle(bool isAwaited) => RunPairsAsync(async (peer, connection) =>
    {
        await SendAndReadAsync(peer, connection, "begin");
        Task<byte[]>? reading = isAwaited ? connection.Input.ReadExactlyAsync(6 * Repeats).AsTask() : null;
        SafeHandle[] handles = [peer.Handle!];
        await InOneBurstAsync(connection, async () =>
        {
            for (int i = 0; i < Repeats; i++)
            {
                await peer.SendTextAsync("abc");
                await peer.SendDescriptorsAsync(Payload.Text("d"), handles);
                await peer.SendTextAsync("ef");
            }
        });
        reading ??= connection.Input.ReadExactlyAsync(6 * Repeats).AsTask();
        Assert.Equal(string.Concat(Enumerable.Repeat("abcdef", Repeats)), Payload.Text(await reading));
        peer.Shutdown(SocketShutdown.Send);
        Assert.Empty(await connection.Input.ReadToEndAsync());
    }, AnyName);

    [Theory]
    [InlineData("tcp://127.0.0.1:0")]
    [InlineData(AnyName)]
    public Task A_detached_socket_reads_what_comes_and_so_does_its_next_connection(string address) => RunPairsAsync(async (peer, connection) =>
    {
        NetworkSocket socket = connection.Socket!;
        await SendAndReadAsync(peer, connection, "one");
        Assert.Equal(0, connection.Detach().Unread.Length);
        byte[] buffer = new byte[8];
        Assert.Equal(SocketError.WouldBlock, socket.TryReceive(buffer, out _));

        // Whoever tries for himself hears the kernel's word, also before the reactor has heard of it.
        using (await HoldAsync(socket))
        {
            await peer.SendTextAsync("tried");
            socket.Network.Poll([new SocketPoll(socket, SocketEvents.Readable)]);
            Assert.Equal(SocketError.Success, socket.TryReceive(buffer, out int count));
            Assert.Equal("tried", Payload.Text(buffer.AsSpan(0, count)));
        }

        Task<string> receiving = socket.ReceiveTextAsync().AsTask();
        await peer.SendTextAsync("two");
        Assert.Equal("two", await receiving);

        Connection next = socket.Network.CreateConnection(socket);
        await SendAndReadAsync(peer, next, "three");
        await peer.SendTextAsync("four");
        ReadResult result = await next.Input.ReadAtLeastAsync(4);
        next.Input.AdvanceTo(result.Buffer.Start);
        Assert.Equal("four", Payload.Text(next.Detach().Unread.Span));

        // The reactor's own signals have nothing to do with who asks the socket itself.
        await peer.SendTextAsync("five");
        await Task.Run(() => Assert.Equal("five", ReceivePlainly(socket)));
        peer.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await socket.ReceiveAsync(new byte[8]));
        socket.Dispose();
    }, address);

    [Theory]
    [MemberData(nameof(Addresses))]
    public Task Plain_and_awaited_reads_by_turns(string address) => RunPairsAsync(async (peer, connection) =>
    {
        Stream stream = connection.AsStream();
        byte[] buffer = new byte[64];
        for (int i = 0; i < 12; i++)
        {
            string text = $"message {i}";
            Task<int> reading = ReadAsync(i);
            await peer.SendTextAsync(text);
            int count = await reading;
            while (_isShort && count < text.Length)
                count += await ReadAsync(i, count);
            Assert.Equal(text, Payload.Text(buffer.AsSpan(0, count)));
        }

        peer.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await stream.ReadAsync(buffer));

        Task<int> ReadAsync(int turn, int start = 0) => (turn % 3) switch
        {
            0 => stream.ReadAsync(buffer, start, buffer.Length - start),
            1 => Task.Run(() => stream.Read(buffer, start, buffer.Length - start)),
            _ => ReadOnReactorAsync(connection.Socket!, stream, buffer.AsMemory(start)),
        };
    }, address);

    /// <summary>Buffers are powers of two: a receive that fills one to its end has not read all, one that stops a byte before it has.</summary>
    [Theory]
    [MemberData(nameof(Addresses))]
    public Task Messages_as_long_as_the_buffer_or_nearly(string address) => RunAsync(async () =>
    {
        using ReactorPair pair = await ConnectAsync(Open(), address);
        for (int size = 2048; size <= 256 * 1024; size *= 2)
        {
            for (int length = size - 1; length <= size + 1; length++)
            {
                byte[] message = Payload.Of(length);
                Task<byte[]> reading = pair.Connection.Input.ReadExactlyAsync(length).AsTask();
                await pair.Peer.SendAllAsync(message);
                Assert.Equal(message, await reading);

                // The second time it may be there before it is read.
                Task sending = pair.Peer.SendAllAsync(message).AsTask();
                Assert.Equal(message, await pair.Connection.Input.ReadExactlyAsync(length));
                await sending;
            }
        }
    });

    [Theory]
    [MemberData(nameof(Addresses))]
    public Task Reads_that_are_given_up_while_data_comes_lose_nothing(string address) => RunAsync(async () =>
    {
        const int Total = 1_000_000, Limit = 40;
        using ReactorPair pair = await ConnectAsync(Open(), address);
        byte[] bytes = Payload.Of(Total);
        Task sending = Task.Run(async () =>
        {
            Random random = new(1);
            for (int at = 0; at < Total;)
            {
                int count = Math.Min(Total - at, random.Next(1, random.Next(1, 20_000)));
                await pair.Peer.SendAllAsync(bytes.AsMemory(at, count));
                at += count;
                await Task.Yield();
            }

            pair.Peer.Shutdown(SocketShutdown.Send);
        });
        ArrayBufferWriter<byte> all = new();
        Random turns = new(2);
        for (bool hasEnded = false; !hasEnded;)
        {
            using CancellationTokenSource soon = new();
            Task giveUp = Task.Run(async () =>
            {
                for (int i = turns.Next(Limit); i > 0; i--)
                    await Task.Yield();
                await soon.CancelAsync();
            });
            try
            {
                ReadResult result = await pair.Connection.Input.ReadAsync(soon.Token);
                foreach (ReadOnlyMemory<byte> part in result.Buffer)
                    all.Write(part.Span);
                pair.Connection.Input.AdvanceTo(result.Buffer.End);
                hasEnded = result.IsCompleted;
            }
            catch (OperationCanceledException)
            {
                // Again.
            }

            await giveUp;
        }

        await sending;
        Assert.True(bytes.AsSpan().SequenceEqual(all.WrittenSpan), "what came differs from what was sent");
    });

    private static Task<int> ReadOnReactorAsync(NetworkSocket socket, Stream stream, Memory<byte> buffer)
    {
        TaskCompletionSource<int> read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(socket, () =>
        {
            try
            {
                read.SetResult(stream.Read(buffer.Span));
            }
            catch (Exception e)
            {
                read.SetException(e);
            }
        });
        return read.Task;
    }

    private static string ReceivePlainly(NetworkSocket socket)
    {
        byte[] buffer = new byte[64];
        return Payload.Text(buffer.AsSpan(0, socket.Receive(buffer)));
    }

    /// <summary>The reactor looks when all is there: one signal for everything.</summary>
    private static async Task InOneBurstAsync(Connection connection, Func<Task> sends)
    {
        using HeldReactor held = await HoldAsync(connection.Socket!);
        await sends();
    }

    /// <summary>Reads so many bytes besides exclamation marks.</summary>
    private static async Task<byte[]> ReadWithoutMarksAsync(Connection connection, int length)
    {
        List<byte> all = [];
        while (all.Count < length)
        {
            ReadResult result = await connection.Input.ReadAsync();
            all.AddRange(result.Buffer.ToArray().Where(value => value != '!'));
            connection.Input.AdvanceTo(result.Buffer.End);
        }

        return [.. all];
    }

    /// <summary>The read waits, so the reactor knows the socket, and stops short of its buffer.</summary>
    private static async Task SendAndReadAsync(NetworkSocket peer, Connection connection, string text)
    {
        Task<byte[]> reading = connection.Input.ReadExactlyAsync(text.Length).AsTask();
        await peer.SendTextAsync(text);
        Assert.Equal(text, Payload.Text(await reading));
    }

    /// <summary>Many times: what comes together once comes apart another time.</summary>
    private Task RunPairsAsync(Func<NetworkSocket, Connection, Task> scenario, string address = "tcp://127.0.0.1:0") => RunAsync(async () =>
    {
        LinuxNetwork network = Open(reactors: 2);
        for (int i = 0; i < Rounds; i++)
        {
            using ReactorPair pair = await ConnectAsync(network, address);
            await scenario(pair.Peer, pair.Connection);
            await Task.Yield();
        }
    });
}
