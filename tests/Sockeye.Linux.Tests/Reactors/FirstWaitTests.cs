using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>
/// Behind a read that stopped short of its buffer a connection waits without asking once more: the kernel, which hears of the socket then for the first time, reports what
/// is there by then. Nothing that came in between may be missed.
/// </summary>
public abstract class FirstWaitTests(Engine engine) : ReactorTests(engine)
{
    [Theory]
    [MemberData(nameof(Addresses))]
    public Task What_comes_between_a_read_and_its_wait_is_read(string address) => RunAsync(async () =>
    {
        using ReactorPair pair = await ConnectAsync(Open(), address);
        await OnReactorAsync(pair, async () =>
        {
            // The reactor knows the socket from the second round on.
            for (int round = 0; round < 4; round++)
            {
                Arrive(pair, "one");
                Assert.Equal("one", await ReadAsync(pair.Connection));
                Arrive(pair, "two");
                Assert.Equal("two", await ReadAsync(pair.Connection));
                Arrive(pair, "three");
                await LookAsync(pair);
                Assert.Equal("three", await ReadAsync(pair.Connection));
                Task<string> waiting = ReadAsync(pair.Connection);
                Assert.False(waiting.IsCompleted);
                pair.Peer.SendAll("four"u8);
                Assert.Equal("four", await waiting);
            }
        });
    });

    [Theory]
    [MemberData(nameof(Addresses))]
    public Task An_end_that_comes_between_a_read_and_its_wait_is_told(string address) => RunAsync(async () =>
    {
        using ReactorPair pair = await ConnectAsync(Open(), address);
        await OnReactorAsync(pair, async () =>
        {
            Arrive(pair, "one");
            Assert.Equal("one", await ReadAsync(pair.Connection));
            pair.Peer.Shutdown(SocketShutdown.Send);
            Assert.Empty(await ReadAsync(pair.Connection));
        });
    });

    [Fact]
    public Task A_reset_that_comes_between_a_read_and_its_wait_is_told() => RunAsync(async () =>
    {
        using ReactorPair pair = await ConnectAsync(Open());
        await OnReactorAsync(pair, async () =>
        {
            Arrive(pair, "one");
            Assert.Equal("one", await ReadAsync(pair.Connection));
            pair.Peer.Abort();
            SocketException e = await Assert.ThrowsAsync<SocketException>(() => ReadAsync(pair.Connection));
            Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
        });
    });

    /// <summary>Whoever waits for the socket itself may have the ring receive, and keep what comes, before the reader waits.</summary>
    [Theory]
    [MemberData(nameof(Addresses))]
    public Task What_another_has_waited_for_is_read(string address) => RunAsync(async () =>
    {
        using ReactorPair pair = await ConnectAsync(Open(), address);
        await OnReactorAsync(pair, async () =>
        {
            Arrive(pair, "one");
            Assert.Equal("one", await ReadAsync(pair.Connection));
            Task<SocketEvents> polling = pair.Connection.Socket!.PollAsync(SocketEvents.Readable).AsTask();
            Assert.False(polling.IsCompleted);
            pair.Peer.SendAll("two"u8);
            await polling;
            Assert.Equal("two", await ReadAsync(pair.Connection));
        });
    });

    /// <summary>
    /// The pool hands what was given back last on a thread to whoever asks on it next, unless a collection has emptied it in between: hence a few connections, of which one
    /// shows it. A buffer that is held is handed to nobody.
    /// </summary>
    [Fact]
    public Task A_connection_that_waits_behind_its_first_read_holds_no_buffer() => RunAsync(async () =>
    {
        const int Tries = 10;
        LinuxNetwork network = Open();
        bool isGivenBack = false;
        for (int i = 0; i < Tries && !isGivenBack; i++)
        {
            using ReactorPair pair = await ConnectAsync(network);
            await OnReactorAsync(pair, async () => isGivenBack = await GivesBackAsync(pair));
        }

        Assert.True(isGivenBack);
    });

    /// <summary>On io_uring the end that a reader waited for came with the request; the next to ask is the kernel.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task An_end_is_told_again_to_whoever_goes_on_with_the_socket(bool isRead) => RunAsync(async () =>
    {
        using ReactorPair pair = await ConnectAsync(Open());
        Task<string> waiting = ReadAsync(pair.Connection);
        Assert.False(waiting.IsCompleted);
        if (!isRead)
        {
            pair.Connection.Input.CancelPendingRead();
            Assert.Empty(await waiting);
        }

        pair.Peer.Shutdown(SocketShutdown.Send);
        if (isRead)
            Assert.Empty(await waiting);
        NetworkSocket socket = pair.Connection.Detach().Socket;
        Assert.Equal(0, await socket.ReceiveAsync(new byte[8]));
        Assert.Equal(0, await socket.ReceiveAsync(new byte[8]));
        socket.Dispose();
    });

    /// <summary>Whether the pool has the buffer of the first read while the second waits.</summary>
    private static async Task<bool> GivesBackAsync(ReactorPair pair)
    {
        Arrive(pair, "one");
        ReadResult result = await pair.Connection.Input.ReadAsync();
        Assert.True(MemoryMarshal.TryGetArray(result.Buffer.First, out ArraySegment<byte> held));
        pair.Connection.Input.AdvanceTo(result.Buffer.End);
        Task<string> waiting = ReadAsync(pair.Connection);
        byte[] free = ArrayPool<byte>.Shared.Rent(held.Array!.Length);
        ArrayPool<byte>.Shared.Return(free);
        pair.Peer.SendAll("two"u8);
        Assert.Equal("two", await waiting);
        return free == held.Array;
    }

    private static Task OnReactorAsync(ReactorPair pair, Func<Task> handler) => StartOn(pair.Connection.Socket!, handler);

    /// <summary>The bytes are with the kernel when this returns, and the reactor, whose thread this is, has not looked.</summary>
    private static void Arrive(ReactorPair pair, string text)
    {
        pair.Peer.SendAll(Payload.Text(text));
        pair.Connection.Socket!.Network.Poll([new SocketPoll(pair.Connection.Socket, SocketEvents.Readable)]);
    }

    /// <summary>The reactor looks once at what has come: between what it has queued now, and what that queues.</summary>
    private static async Task LookAsync(ReactorPair pair)
    {
        await new FairTurn(pair.Connection.Socket!);
        await new FairTurn(pair.Connection.Socket!);
    }

    private static async Task<string> ReadAsync(Connection connection)
    {
        ReadResult result = await connection.Input.ReadAsync();
        string text = Payload.Text(result.Buffer.ToArray());
        connection.Input.AdvanceTo(result.Buffer.End);
        return text;
    }
}
