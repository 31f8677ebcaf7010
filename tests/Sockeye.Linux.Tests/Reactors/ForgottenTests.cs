using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>Connections that are dropped without being closed, though the reactor knows them: their sockets are collected and closed, unless somebody waits.</summary>
public abstract class ForgottenTests(Engine engine) : ReactorTests(engine)
{
    [Theory]
    [InlineData("tcp://127.0.0.1:0")]
    [InlineData(AnyName)]
    public Task A_connection_that_was_read_and_then_forgotten_is_collected_and_closed(string address) => RunAsync(async () =>
    {
        using NetworkSocket peer = await ForgetAsync(Open(), address);
        Task<int> ended = peer.ReceiveAsync(new byte[1]).AsTask();

        // What a thread's frame or a pool still holds goes after a while.
        using CancellationTokenSource hang = new(Hang.Limit);
        while (!ended.IsCompleted && !hang.IsCancellationRequested)
        {
            Collect();
            await Task.Yield();
        }

        Assert.Equal(0, await ended);
    });

    [Fact]
    public Task Who_waits_for_bytes_keeps_the_connection_though_nobody_else_knows_of_it() => RunAsync(async () =>
    {
        StrongBox<Task<int>> reading = new();
        using NetworkSocket peer = await StartReadingAsync(Open(), reading);
        Collect();

        await peer.SendTextAsync("hello");
        Assert.Equal("hello".Length, await reading.Value!);
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<NetworkSocket> ForgetAsync(LinuxNetwork network, string address)
    {
        ReactorPair pair = await ConnectAsync(network, address);
        using CancellationTokenSource enough = new();
        Task reading = pair.Connection.Input.ReadAsync(enough.Token).AsTask();

        // Behind this the reactor has begun to wait for it.
        await StartOn(pair.Connection.Socket!, () => Task.CompletedTask);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        return pair.Peer;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<NetworkSocket> StartReadingAsync(LinuxNetwork network, StrongBox<Task<int>> reading)
    {
        ReactorPair pair = await ConnectAsync(network);
        reading.Value = ReadAsync(pair.Connection);
        return pair.Peer;
    }

    private static async Task<int> ReadAsync(Connection connection) => (int)(await connection.Input.ReadAsync()).Buffer.Length;

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
