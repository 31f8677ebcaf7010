using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>Polls sockets of any network: asks each, and if none is ready waits for the first of all waits to end.</summary>
internal static class SocketPoller
{
    public static async ValueTask<int> PollAsync(Memory<SocketPoll> items, TimeSpan? timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        SocketDeadline deadline = new(timeout, time);
        uint[] epochs = new uint[items.Length];
        while (true)
        {
            for (int i = 0; i < epochs.Length; i++)
                epochs[i] = items.Span[i].Socket.EpochCore(items.Span[i].Events);
            int found = Ask(items.Span);
            if (found > 0 || !deadline.AllowsWaiting)
                return found;
            if (!await WaitForAnyAsync(items, epochs, deadline.Remaining, time, cancellationToken).ConfigureAwait(false))
                return Ask(items.Span);
        }
    }

    private static int Ask(Span<SocketPoll> items)
    {
        int found = 0;
        foreach (ref SocketPoll item in items)
        {
            item.Found = item.Socket.IsClosed ? SocketEvents.HangUp : item.Socket.PollCore(item.Events);
            if (item.Found != SocketEvents.None)
                found++;
        }

        return found;
    }

    private static bool HasClosed(ReadOnlySpan<SocketPoll> items)
    {
        foreach (SocketPoll item in items)
        {
            if (item.Socket.IsClosed)
                return true;
        }

        return false;
    }

    private static async ValueTask<bool> WaitForAnyAsync(
        ReadOnlyMemory<SocketPoll> items, uint[] epochs, TimeSpan? timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        if (items.IsEmpty)
        {
            await Task.Delay(timeout ?? System.Threading.Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
            return false;
        }

        using CancellationTokenSource rest = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<bool>[] waits = [.. MemoryMarshal.ToEnumerable(items).Select((item, i) => item.Socket.WaitCoreAsync(item.Events, epochs[i], timeout, rest.Token).AsTask())];
        Task<bool> first = await Task.WhenAny(waits).ConfigureAwait(false);
        await rest.CancelAsync().ConfigureAwait(false);
        await ((Task)Task.WhenAll(waits)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();

        // A socket that was closed meanwhile ends the poll too: asking again reports it. If none was, nobody signals them any more: their network is gone.
        return (first.IsFaulted && HasClosed(items.Span)) || await first.ConfigureAwait(false);
    }
}
