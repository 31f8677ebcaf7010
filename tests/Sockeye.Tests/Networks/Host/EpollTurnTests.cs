using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Networks.Host;

/// <summary>Whoever has the turn to ask for events, none is lost, and nobody who is resumed by one holds up the others.</summary>
public class EpollTurnTests
{
    [Fact]
    public async Task Who_blocks_the_thread_that_resumed_it_holds_up_nobody()
    {
        // Round by round the turn is now with the thread and now with the pool, as it happens.
        for (int round = 0; round < 50; round++)
        {
            (NetworkSocket cause, NetworkSocket first) = Network.Host.CreatePair();
            (NetworkSocket effect, NetworkSocket second) = Network.Host.CreatePair();
            (NetworkSocket last, NetworkSocket third) = Network.Host.CreatePair();
            using ManualResetEventSlim heard = new();
            Task[] all = [PassOnAsync(first, effect), PassOnAsync(second, last, heard), HearAsync(third, heard)];

            cause.Send(new byte[1]);
            await Task.WhenAll(all).Within();

            foreach (NetworkSocket socket in new[] { cause, first, effect, second, last, third })
                socket.Dispose();
        }
    }

    [Fact]
    public async Task Many_who_cause_each_others_events_miss_none()
    {
        const int Pairs = 32;
        const int Messages = 200;
        Task[] all = new Task[2 * Pairs];
        for (int i = 0; i < Pairs; i++)
        {
            (NetworkSocket one, NetworkSocket other) = Network.Host.CreatePair();
            all[2 * i] = PlayAsync(one, Messages, serves: true);
            all[(2 * i) + 1] = PlayAsync(other, Messages, serves: false);
        }

        await Task.WhenAll(all).Within();
    }

    private static async Task PassOnAsync(NetworkSocket from, NetworkSocket to, ManualResetEventSlim? waitsFor = null)
    {
        await from.ReceiveAsync(new byte[1]).ConfigureAwait(false);
        to.Send(new byte[1]);
        waitsFor?.Wait();
    }

    private static async Task HearAsync(NetworkSocket socket, ManualResetEventSlim heard)
    {
        await socket.ReceiveAsync(new byte[1]).ConfigureAwait(false);
        heard.Set();
    }

    private static async Task PlayAsync(NetworkSocket socket, int messages, bool serves)
    {
        byte[] ball = new byte[1];
        using (socket)
        {
            for (int i = 0; i < messages; i++)
            {
                if (serves || i > 0)
                    await socket.SendAsync(ball).ConfigureAwait(false);
                if (await socket.ReceiveAsync(ball).ConfigureAwait(false) == 0)
                    throw new InvalidOperationException($"The other has gone after {i} messages.");
            }

            if (!serves)
                await socket.SendAsync(ball).ConfigureAwait(false);
        }
    }
}
