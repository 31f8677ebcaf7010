using Sockeye.Tests.Conformance;
using Sockeye.Tests.Soak;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>What is over leaves nothing behind in the process: no descriptor, no thread.</summary>
[Trait("Category", "Soak")]
[Collection(nameof(Alone))]
public abstract class RemainsTests(Engine engine) : ReactorTests(engine)
{
    private const int WarmingConnections = 200;

    [Theory]
    [InlineData("tcp://127.0.0.1:0")]
    [InlineData(AnyName)]
    public Task Ten_thousand_connections_leave_nothing_behind(string address) => RunAsync(async () =>
    {
        ProcessRemains before = await MeasureAsync();
        await ComeAndGoAsync(address, connections: 10_000);
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

            // Somebody waits as it ends.
            using ReactorPair pair = await ConnectAsync(network);
            _ = pair.Connection.Input.ReadAsync().AsTask().ContinueWith(read => _ = read.Exception, TaskScheduler.Default);
        }

        await SettledAsync(before);
    });

    private async Task ComeAndGoAsync(string address, int connections)
    {
        const int AtOnce = 50;
        await using LinuxNetwork network = Open(reactors: 2);
        await using Listener listener = await ListenAsync(network, address);
        using CancellationTokenSource stop = new();
        using CountdownEvent waited = new(connections);
        TaskCompletionSource allCame = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Server server = new(listener, async (connection, _) =>
        {
            if (waited.Signal())
                allCame.SetResult();

            // Each half of them ends another way.
            byte[] first = await connection.Input.ReadExactlyAsync(1);
            if (first[0] % 2 == 0)
                connection.Abort();
        });
        Task serving = server.RunAsync(stop.Token);
        for (int i = 0; i < connections; i += AtOnce)
            await Task.WhenAll(Enumerable.Range(i, AtOnce).Select(number => VisitAsync(listener, number)));

        // Who came and went at once may still stand in the queue of the listening socket.
        await allCame.Task;
        await stop.CancelAsync();
        await serving;
        Assert.Equal(connections, server.Statistics.Accepted);
    }

    private static async Task VisitAsync(Listener listener, int number)
    {
        using NetworkSocket peer = await ConnectPeerAsync(listener);
        await peer.SendAllAsync(new[] { (byte)number });
        if (number % 4 < 2)
            peer.Abort();
        else
            await Record.ExceptionAsync(async () => await peer.ReceiveAsync(new byte[1]));
    }

    /// <summary>What there is once the process has what it makes when the first connections come, and keeps.</summary>
    private async Task<ProcessRemains> MeasureAsync()
    {
        ProcessRemains first = ProcessRemains.Now;
        await ComeAndGoAsync("tcp://127.0.0.1:0", WarmingConnections);
        ProcessRemains now = ProcessRemains.Now;
        await SettledAsync(first with { Sockets = now.Sockets, Epolls = now.Epolls, Events = now.Events });
        return ProcessRemains.Now;
    }

    /// <summary>Waits until there is no more than there was: a thread that has ended is gone a moment later.</summary>
    private static async Task SettledAsync(ProcessRemains before)
    {
        const int Looks = 1000;
        ProcessRemains now = ProcessRemains.Now;
        for (int i = 0; i < Looks && !now.IsNoMoreThan(before); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            now = ProcessRemains.Now;
        }

        Assert.True(now.IsNoMoreThan(before), $"{now} is left, of {before} before");
    }
}
