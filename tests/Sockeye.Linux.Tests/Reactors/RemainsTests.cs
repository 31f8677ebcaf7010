using Sockeye.Tests.Conformance;
using Sockeye.Tests.Soak;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>What is over leaves nothing behind in the process: no descriptor, no thread.</summary>
[Trait("Category", "Soak")]
[Collection(nameof(Alone))]
public abstract class RemainsTests(Engine engine) : ReactorTests(engine)
{
    [Theory]
    [InlineData("tcp://127.0.0.1:0")]
    [InlineData(AnyName)]
    public Task Ten_thousand_connections_leave_nothing_behind(string address) => RunAsync(async () =>
    {
        const int Connections = 10_000, AtOnce = 50;
        ProcessRemains before = await MeasureAsync();
        LinuxNetwork network = Open(reactors: 2);
        await using Listener listener = await ListenAsync(network, address);
        using CancellationTokenSource stop = new();
        Server server = new(listener, async (connection, _) =>
        {
            // Each half of them ends another way.
            byte[] first = await connection.Input.ReadExactlyAsync(1);
            if (first[0] % 2 == 0)
                connection.Abort();
        });
        Task serving = server.RunAsync(stop.Token);
        for (int i = 0; i < Connections; i += AtOnce)
        {
            await Task.WhenAll(Enumerable.Range(i, AtOnce).Select(async number =>
            {
                using NetworkSocket peer = await ConnectPeerAsync(listener);
                await peer.SendAllAsync(new[] { (byte)number });
                if (number % 4 < 2)
                    peer.Abort();
                else
                    await Record.ExceptionAsync(async () => await peer.ReceiveAsync(new byte[1]));
            }));
        }

        await stop.CancelAsync();
        await serving;
        Assert.Equal(Connections, server.Statistics.Accepted);
        await listener.DisposeAsync();
        await network.DisposeAsync();
        await SettledAsync(before);
    });

    [Fact]
    public Task Networks_that_come_and_go_leave_nothing_behind() => RunAsync(async () =>
    {
        int count = SoakLevel.Scale(shortValue: 100, longValue: 3000);
        ProcessRemains before = await MeasureAsync();
        for (int i = 0; i < count; i++)
        {
            await using LinuxNetwork network = Open(reactors: 3);
            if (i % 2 == 0)
                continue;
            using ReactorPair pair = await ConnectAsync(network);
            _ = pair.Connection.Input.ReadAsync().AsTask().ContinueWith(read => _ = read.Exception, TaskScheduler.Default);
        }

        await SettledAsync(before);
    });

    /// <summary>What there is once the process has what it makes for the first connection of all, and keeps.</summary>
    private async Task<ProcessRemains> MeasureAsync()
    {
        await using (LinuxNetwork network = Open(reactors: 3))
        {
            using ReactorPair pair = await ConnectAsync(network);
            Task<byte[]> reading = pair.Connection.Input.ReadExactlyAsync(1).AsTask();
            await pair.Peer.SendTextAsync("x");
            await reading;
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        return ProcessRemains.Now;
    }

    /// <summary>Waits until there is no more than there was: a thread that has ended is gone a moment later.</summary>
    private static async Task SettledAsync(ProcessRemains before)
    {
        while (true)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            ProcessRemains now = ProcessRemains.Now;
            if (now.Descriptors <= before.Descriptors && now.ReactorThreads <= before.ReactorThreads && now.Mappings <= before.Mappings)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
