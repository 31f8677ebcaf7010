using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>
/// Whose turn it is to ask the epoll, and who is resumed by what it says: always on the thread pool. One has the turn at a time.
/// </summary>
/// <remarks>
/// <para>While little happens it is a thread's, which sleeps in the kernel. But to wake a thread for each event, which wakes another of the pool, costs more
/// than most events are worth. What is resumed causes the next events as a rule, so the thread gives the turn away with it: to a work item of the pool,
/// which asks without waiting, behind what is queued. While it finds somebody to resume it queues itself anew, and so several events are found at a time, by
/// threads that are awake. When it finds nobody, and nothing else is queued, the thread gets the turn back.</para>
/// <para>A callback that blocks its thread of the pool delays nobody: the work item is in the queue again before anybody is resumed.</para>
/// <para>Where the turn comes back with nothing found, as between two who take turns on one connection, giving it away only costs: then
/// the thread keeps it for a while.</para>
/// </remarks>
internal sealed class EpollTurn : IThreadPoolWorkItem
{
    private const int BatchMax = 128;

    /// <summary>How often in a row the work item may find nobody while other work is queued: what is queued may cause events, or have nothing to do with them.</summary>
    private const int IdleAsksMax = 8;

    /// <summary>After so many turns in a row that were given away in vain, 15 (2^4 - 1) rounds are kept before the next is.</summary>
    private const int VainTurnsMax = 4;

    private readonly SafeFileHandle _epoll;
    private readonly SafeFileHandle _handedBack;
    private readonly PollTable _table;

    // All that follows belongs to who has the turn; it passes on through the pool's queue or the kernel, which order what was written before.
    private readonly ulong[] _keys = new ulong[BatchMax];
    private readonly SocketEvents[] _events = new SocketEvents[BatchMax];
    private int _idleAsks;
    private int _vainTurns;
    private int _roundsToKeep;
    private bool _foundAny;

    private EpollTurn(SafeFileHandle epoll, SafeFileHandle handedBack, PollTable table) => (_epoll, _handedBack, _table) = (epoll, handedBack, table);

    /// <summary>Starts to ask <paramref name="epoll"/> about the sockets in <paramref name="table"/>, for the rest of the process. False: no descriptor is left.</summary>
    public static bool TryStart(SafeFileHandle epoll, PollTable table)
    {
        SafeFileHandle handedBack = LibC.CreateEpoll();
        if (handedBack.IsInvalid || LibC.EpollWatchOnce(handedBack, epoll, isFirst: true) != SocketError.Success)
        {
            handedBack.Dispose();
            return false;
        }

        EpollTurn turn = new(epoll, handedBack, table);
        new Thread(turn.Run) { IsBackground = true, Name = "Sockeye epoll" }.Start();
        return true;
    }

    /// <summary>The work item's part.</summary>
    public void Execute()
    {
        SocketReadiness.Woken woken = Ask(waits: false);
        if (!woken.IsEmpty)
        {
            _idleAsks = 0;
            _foundAny = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

            // From here on another thread may have the turn.
            woken.Resume();
        }
        else if (_idleAsks < IdleAsksMax && ThreadPool.PendingWorkItemCount > 0)
        {
            _idleAsks++;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            HandBack();
        }
    }

    /// <summary>The thread's part.</summary>
    private void Run()
    {
        ulong[] keys = new ulong[1];
        SocketEvents[] events = new SocketEvents[1];
        while (true)
        {
            // The turn comes back with the first event after the work item found none.
            while (LibC.EpollWait(_handedBack, keys, events, waits: true) == 0)
                continue;
            while (!HasGivenAway(Ask(waits: true)))
                continue;
        }
    }

    private bool HasGivenAway(SocketReadiness.Woken woken)
    {
        if (woken.IsEmpty)
            return false;
        woken.Queue(preferLocal: false);
        if (_roundsToKeep > 0)
        {
            _roundsToKeep--;
            return false;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    private void HandBack()
    {
        _vainTurns = _foundAny ? 0 : Math.Min(_vainTurns + 1, VainTurnsMax);
        _roundsToKeep = (1 << _vainTurns) - 1;
        _idleAsks = 0;
        _foundAny = false;
        LibC.EpollWatchOnce(_handedBack, _epoll, isFirst: false);
    }

    private SocketReadiness.Woken Ask(bool waits)
    {
        SocketReadiness.Woken woken = default;
        int count = LibC.EpollWait(_epoll, _keys, _events, waits);

        // Each goes to the front: backwards, so that the first is resumed first.
        while (count-- > 0)
        {
            if (_table.Find((int)_keys[count]) is { } readiness)
                woken.Signal(readiness, _events[count]);
        }

        return woken;
    }
}
