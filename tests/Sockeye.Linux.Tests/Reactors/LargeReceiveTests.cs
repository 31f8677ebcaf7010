using System.Buffers;
using System.IO.Pipelines;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>Who receives: the ring what is small, the reader itself once much has come at a time.</summary>
public abstract class LargeReceiveTests(Engine engine) : ReactorTests(engine)
{
    private const int Messages = 100;

    [Fact]
    public Task The_ring_receives_for_a_connection_that_gets_little() => RunAsync(async () =>
    {
        using ReactorPair pair = await ConnectAsync(Open(), AnyName);
        for (int i = 0; i < Messages; i++)
            await PassAsync(pair, length: RingReceiver.LargeMin - 1);
        Assert.False(ReadsForItself(pair));
    });

    [Fact]
    public Task A_connection_that_gets_much_at_a_time_reads_for_itself_from_then_on() => RunAsync(async () =>
    {
        using ReactorPair pair = await ConnectAsync(Open(), AnyName);

        // The kernel may tell that the ring's request has ended after the next read has begun.
        while (!ReadsForItself(pair))
            await PassAsync(pair, RingReceiver.LargeMin);

        // All of it still comes, in order, whatever the length.
        for (int i = 0; i < Messages; i++)
            await PassAsync(pair, length: 1 + (i * 997 % (4 * RingReceiver.LargeMin)));
        Assert.True(ReadsForItself(pair));
    });

    /// <summary>The epoll is for those that read for themselves, and has a key for each.</summary>
    private static bool ReadsForItself(ReactorPair pair) => ((ReactorSocket)pair.Connection.Socket!).PollKey >= 0;

    /// <summary>One message to a reader that waits for it.</summary>
    private static async Task PassAsync(ReactorPair pair, int length)
    {
        byte[] message = new byte[length];
        Random.Shared.NextBytes(message);
        PipeReader input = pair.Connection.Input;
        Task<ReadResult> reading = input.ReadAtLeastAsync(length).AsTask();
        await pair.Peer.SendAllAsync(message);
        ReadResult result = await reading;
        Assert.Equal(message, result.Buffer.ToArray());
        input.AdvanceTo(result.Buffer.End);
    }
}
