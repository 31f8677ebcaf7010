using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>A reader gets what the ring has received where it lies, and the ring gets its memory back. On epoll a reader receives for itself: all else is the same.</summary>
public abstract class LendingTests(Engine engine) : ReactorTests(engine)
{
    private readonly bool _lends = engine.IsRing();

    /// <summary>Not where a fault comes between: then the bytes may have moved, or come from the kernel.</summary>
    private readonly bool _alwaysLends = engine is Engine.IoUring or Engine.TinyRings;

    [Fact]
    public Task Bytes_that_are_consumed_where_they_came_in_are_not_copied() => RunAsync(async () =>
    {
        const int Messages = 100;
        using ReactorPair pair = await ConnectAsync(Open());
        PipeReader input = pair.Connection.Input;
        int lent = 0;
        await StartOn(pair.Connection.Socket!, async () =>
        {
            for (int i = 0; i < Messages; i++)
            {
                ValueTask<ReadResult> reading = input.ReadAsync();
                Assert.False(reading.IsCompleted);
                await pair.Peer.SendTextAsync($"message {i}");
                ReadResult result = await reading;
                lent += IsLent(result.Buffer) ? 1 : 0;
                Assert.Equal($"message {i}", Text(result.Buffer));
                input.AdvanceTo(result.Buffer.End);
            }
        });
        Assert.InRange(lent, _alwaysLends ? Messages : _lends ? 1 : 0, _lends ? Messages : 0);
    });

    [Fact]
    public Task What_is_not_looked_at_yet_stays_where_it_is_and_what_is_not_consumed_moves() => RunAsync(async () =>
    {
        using ReactorPair pair = await ConnectAsync(Open());
        PipeReader input = pair.Connection.Input;
        await StartOn(pair.Connection.Socket!, async () =>
        {
            ValueTask<ReadResult> reading = input.ReadAsync();
            await pair.Peer.SendTextAsync("one two thr");
            ReadResult result = await reading;
            input.AdvanceTo(result.Buffer.GetPosition("one ".Length));

            result = await input.ReadAsync();
            AssertLent(result.Buffer);
            Assert.Equal("two thr", Text(result.Buffer));
            input.AdvanceTo(result.Buffer.GetPosition("two ".Length), result.Buffer.End);

            reading = input.ReadAsync();
            Assert.False(reading.IsCompleted);
            await pair.Peer.SendTextAsync("ee ");
            result = await reading;
            Assert.False(IsLent(result.Buffer));
            Assert.Equal("three ", Text(result.Buffer));
            input.AdvanceTo(result.Buffer.End);

            // Nothing is left that more could be added to.
            reading = input.ReadAsync();
            await pair.Peer.SendTextAsync("four");
            result = await reading;
            AssertLent(result.Buffer);
            Assert.Equal("four", Text(result.Buffer));
        });
    });

    /// <summary>More than there are slots keep what they have read, while others come and go.</summary>
    [Fact]
    public Task Readers_that_take_their_time_starve_nobody() => RunAsync(async () =>
    {
        const int Keepers = ReceiveBuffers.SlotsMax + 100, Visits = 200;
        LinuxNetwork network = Open();
        await using Listener listener = await ListenAsync(network);
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CountdownEvent kept = new(Keepers);
        TaskCompletionSource allKeep = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource stop = new();
        Task serving = Server.RunAsync(listener, EchoOnceAsync, new ServerOptions { ConnectionLimit = 2 * Keepers }, stop.Token);
        NetworkSocket[] keepers = new NetworkSocket[Keepers];
        for (int i = 0; i < Keepers; i++)
        {
            keepers[i] = await ConnectPeerAsync(listener);
            await keepers[i].SendTextAsync($"keep {i}");
        }

        await allKeep.Task;
        for (int i = 0; i < Visits; i++)
        {
            using NetworkSocket peer = await ConnectPeerAsync(listener);
            await peer.SendTextAsync($"pass {i}");
            Assert.Equal($"pass {i}", await peer.ReceiveTextAsync());
        }

        release.SetResult();
        for (int i = 0; i < Keepers; i++)
        {
            Assert.Equal($"keep {i}", await keepers[i].ReceiveTextAsync());
            keepers[i].Dispose();
        }

        await stop.CancelAsync();
        await serving;

        async Task EchoOnceAsync(Connection connection, CancellationToken _)
        {
            ReadResult result = await connection.Input.ReadAsync(CancellationToken.None);
            if (Text(result.Buffer).StartsWith('k'))
            {
                if (kept.Signal())
                    allKeep.SetResult();
                await release.Task;
            }

            await connection.WriteTextAsync(Text(result.Buffer));
            connection.Input.AdvanceTo(result.Buffer.End);
        }
    });

    [Fact]
    public Task What_forgotten_readers_had_comes_back() => RunAsync(async () =>
    {
        LinuxNetwork network = Open();
        for (int i = 0; i < ReceiveBuffers.SlotsMax + 10; i++)
            await ForgetReadAsync(network);
        bool isLent = false;
        while (isLent != _lends)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            isLent = await ForgetReadAsync(network);
        }
    });

    /// <summary>The handler returns without awaiting its write, which goes on out of the memory that it has read.</summary>
    [Fact]
    public Task What_is_still_being_sent_is_nobody_elses() => RunAsync(async () =>
    {
        const int Length = 4000, BeforeLength = 3000, Others = 50;
        LinuxNetwork network = Open();
        await using Listener listener = await ListenAsync(network, AnyName);
        using CancellationTokenSource stop = new();
        using SemaphoreSlim waits = new(0), returns = new(0);
        Task serving = Server.RunAsync(
            listener,
            async (connection, _) =>
            {
                connection.Socket!.SendBufferSize = 1024;
                ValueTask<ReadResult> reading = connection.Input.ReadAsync(CancellationToken.None);
                waits.Release();
                ReadResult result = await reading;

                // The kernel has room for little more than this.
                await connection.Output.WriteAsync(new byte[BeforeLength], CancellationToken.None);
                ValueTask<FlushResult> writing = connection.Output.WriteAsync(result.Buffer.First, CancellationToken.None);
                Assert.False(writing.IsCompleted);
                Assert.NotEqual(TaskStatus.Faulted, writing.AsTask().Status);
                returns.Release();
            },
            stop.Token);

        NetworkSocket[] peers = new NetworkSocket[Others];
        for (int i = 0; i < Others; i++)
        {
            peers[i] = await ConnectPeerAsync(listener);
            await waits.WaitAsync();
            await peers[i].SendAllAsync(Enumerable.Repeat((byte)i, Length).ToArray());
            await returns.WaitAsync();
        }

        for (int i = 0; i < Others; i++)
        {
            Assert.Equal(BeforeLength, peers[i].ReceiveAll(new byte[BeforeLength]));
            byte[] received = new byte[Length];
            Assert.Equal(Length, peers[i].ReceiveAll(received));
            Assert.Equal([(byte)i], received.Distinct());
            peers[i].Dispose();
        }

        await stop.CancelAsync();
        await serving;
    });

    [Fact]
    public Task What_was_read_outlives_its_network() => RunAsync(async () =>
    {
        LinuxNetwork network = Open();
        using ReactorPair pair = await ConnectAsync(network);
        ReadResult result = await ReadOneAsync(pair);
        AssertLent(result.Buffer);
        await network.DisposeAsync();
        Assert.Equal("one", Text(result.Buffer));
        pair.Connection.Input.AdvanceTo(result.Buffer.End);
    });

    /// <summary>Whether it read without a copy. Nobody refers to the connection when this has ended.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<bool> ForgetReadAsync(LinuxNetwork network)
    {
        using ReactorPair pair = await ConnectAsync(network);
        ReadResult result = await ReadOneAsync(pair);
        Assert.Equal("one", Text(result.Buffer));
        return IsLent(result.Buffer);
    }

    private static async Task<ReadResult> ReadOneAsync(ReactorPair pair)
    {
        ReadResult result = default;
        await StartOn(pair.Connection.Socket!, async () =>
        {
            ValueTask<ReadResult> reading = pair.Connection.Input.ReadAsync();
            Assert.False(reading.IsCompleted);
            await pair.Peer.SendTextAsync("one");
            result = await reading;
        });
        return result;
    }

    private void AssertLent(ReadOnlySequence<byte> bytes)
    {
        if (_alwaysLends)
            Assert.True(IsLent(bytes));
        else if (!_lends)
            Assert.False(IsLent(bytes));
    }

    private static bool IsLent(ReadOnlySequence<byte> bytes) => !MemoryMarshal.TryGetArray(bytes.First, out _);

    private static string Text(ReadOnlySequence<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
