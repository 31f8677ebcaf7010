using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Who waits for a socket, and how often it was signalled. A network tells it by <see cref="Signal"/>; a socket's <c>EpochCore</c> is
/// <see cref="Epoch"/>, its <c>WaitCoreAsync</c> is <see cref="WaitAsync"/>. Waiting moves no data, so a wait that is cancelled loses nothing.
/// </summary>
/// <remarks>
/// Whoever may have to wait reads the epoch, tries, and waits with that epoch: a signal that came since ends the wait before it begins, so none is
/// lost between a try that found nothing and its wait. A signal is nobody's to take: of several who wait for one direction each has its own epoch. The
/// price is a try in vain now and then.
/// </remarks>
public sealed partial class SocketReadiness
{
    /// <summary>Given with <see cref="SocketEvents.Readable"/>: what is to be read has an end. Nobody waits for this alone.</summary>
    internal const SocketEvents PeerEnded = (SocketEvents)0x100;

    /// <summary>An error or a hang-up ends every wait.</summary>
    private const SocketEvents EndingEvents = SocketEvents.Error | SocketEvents.HangUp;

    private const SocketEvents WritableOrPriority = SocketEvents.Writable | SocketEvents.Priority;

    private ISocketWaiter? _waiting;
    private Waiter? _spare;
    private uint _readable;

    /// <summary>Urgent bytes are so seldom that they count with the writers' events: who waits for either may try in vain.</summary>
    private uint _writableOrPriority;
    private uint _failures;
    private bool _hasMoreThanData;
    private bool _closed;
    private BriefLock _lock = new();
    private readonly bool _inline;

    /// <summary>Makes one whose waiters resume on the thread pool, or, <paramref name="inline"/>, within <see cref="Signal"/>.</summary>
    public SocketReadiness(bool inline = false) => _inline = inline;

    /// <summary>Whether a call of <see cref="Close"/> was made.</summary>
    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>
    /// How often one of <paramref name="events"/> was signalled so far, modulo 2^32. Errors and hang-ups count for every event, writable and urgent data for each
    /// other. Read it before a try.
    /// </summary>
    public uint Epoch(SocketEvents events)
    {
        // Counts only grow, so the sum is the same if and only if each of them is.
        uint sum = Volatile.Read(ref _failures);
        if ((events & SocketEvents.Readable) != 0)
            sum += Volatile.Read(ref _readable);
        if ((events & WritableOrPriority) != 0)
            sum += Volatile.Read(ref _writableOrPriority);
        return sum;
    }

    /// <summary>
    /// Whether nothing but bytes was ever signalled. A receive that stopped short of its buffer has read all there was then; an end, an error or an urgent byte may be
    /// why it stopped otherwise, and would not be signalled again.
    /// </summary>
    internal bool HasOnlyData => !Volatile.Read(ref _hasMoreThanData);

    /// <summary>For what somebody waits.</summary>
    internal SocketEvents Awaited
    {
        get
        {
            using (_lock.Enter())
            {
                SocketEvents awaited = SocketEvents.None;
                for (ISocketWaiter? waiter = _waiting; waiter is not null; waiter = waiter.Wait.Next)
                    awaited |= waiter.Wait.Events;
                return awaited;
            }
        }
    }

    /// <summary>
    /// Waits until one of <paramref name="events"/> is signalled, or was since their <see cref="Epoch"/> was <paramref name="epoch"/>: true; or
    /// <paramref name="timeout"/> (null: none) passes on <paramref name="time"/>: false. The token wins ties.
    /// </summary>
    /// <exception cref="SocketException"><see cref="SocketError.OperationAborted"/>: the socket was closed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask<bool> WaitAsync(SocketEvents events, uint epoch, TimeSpan? timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);

        if (timeout == TimeSpan.Zero)
            return Instead(FindEnd(events | EndingEvents, epoch, cancellationToken), cancellationToken);
        Waiter waiter = Interlocked.Exchange(ref _spare, null) ?? new Waiter(this);
        waiter.Wait.Token = cancellationToken;
        if (timeout is not null)
            waiter.PrepareTimer(time);
        SocketWaitOutcome outcome = StartWait(waiter, events, epoch);
        if (outcome != SocketWaitOutcome.Waiting)
        {
            waiter.GiveUp();
            return Instead(outcome, cancellationToken);
        }

        if (timeout is { } limit)
            waiter.StartTimer(limit);
        return new ValueTask<bool>(waiter, waiter.Version);
    }

    /// <summary>
    /// As <see cref="WaitAsync"/>, without a timeout, for one who is resumed itself. <see cref="SocketWaitOutcome.Waiting"/>: it will be, or has been by now on another thread.
    /// Else the wait was over before it began, and nobody is resumed.
    /// </summary>
    internal SocketWaitOutcome StartWait(ISocketWaiter waiter, SocketEvents events, uint epoch)
    {
        ref SocketWait wait = ref waiter.Wait;
        events |= EndingEvents;
        SocketWaitOutcome outcome = FindEnd(events, epoch, wait.Token);
        if (outcome == SocketWaitOutcome.Waiting)
        {
            wait.Begin(this, events);
            using (_lock.Enter())
            {
                outcome = FindEnd(events, epoch, wait.Token);
                if (outcome == SocketWaitOutcome.Waiting)
                {
                    wait.Next = _waiting;
                    _waiting = waiter;
                    return outcome;
                }
            }
        }

        wait.End(outcome);
        return outcome;
    }

    /// <summary>Says that <paramref name="events"/> are ready: resumes all who wait for one of them.</summary>
    public void Signal(SocketEvents events) => Resume(Take(events, woken: null), SocketWaitOutcome.Ready);

    /// <summary>Ends every wait, now and later, with <see cref="SocketError.OperationAborted"/>. Idempotent.</summary>
    public void Close()
    {
        ISocketWaiter? woken;
        using (_lock.Enter())
        {
            _closed = true;
            woken = _waiting;
            _waiting = null;
        }

        Resume(woken, SocketWaitOutcome.Closed);
    }

    /// <summary>
    /// Ends the waits that have this token, which is cancelled. It may be late, and those that registered it have ended: whoever waits now, and has the same, is
    /// meant as well.
    /// </summary>
    internal void Cancel(CancellationToken token)
    {
        ISocketWaiter? cancelled;
        using (_lock.Enter())
            cancelled = TakeOff(SocketEvents.None, woken: null, token);
        Resume(cancelled, SocketWaitOutcome.Cancelled);
    }

    /// <summary>How a wait ends that begins now, or that it does not.</summary>
    private SocketWaitOutcome FindEnd(SocketEvents events, uint epoch, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return SocketWaitOutcome.Cancelled;
        if (IsClosed)
            return SocketWaitOutcome.Closed;
        return Epoch(events) == epoch ? SocketWaitOutcome.Waiting : SocketWaitOutcome.Ready;
    }

    /// <summary>The result of a wait that was over before it began; of one that was not to wait, that there is nothing.</summary>
    private static ValueTask<bool> Instead(SocketWaitOutcome outcome, CancellationToken cancellationToken) => outcome switch
    {
        SocketWaitOutcome.Cancelled => ValueTask.FromCanceled<bool>(cancellationToken),
        SocketWaitOutcome.Closed => ValueTask.FromException<bool>(Closed()),
        _ => new ValueTask<bool>(outcome == SocketWaitOutcome.Ready),
    };

    /// <summary>Counts the events, and moves who waits for one of them from the list to the front of <paramref name="woken"/>.</summary>
    private ISocketWaiter? Take(SocketEvents events, ISocketWaiter? woken)
    {
        using (_lock.Enter())
        {
            if (_closed)
                return woken;
            Count(events);
            return TakeOff(events, woken, CancellationToken.None);
        }
    }

    /// <summary>Moves who waits for one of the events, or has the token, to the front of <paramref name="woken"/>. Under the lock.</summary>
    private ISocketWaiter? TakeOff(SocketEvents events, ISocketWaiter? woken, CancellationToken token)
    {
        ISocketWaiter? previous = null;
        for (ISocketWaiter? waiter = _waiting; waiter is not null;)
        {
            ref SocketWait wait = ref waiter.Wait;
            ISocketWaiter? next = wait.Next;
            if ((wait.Events & events) == 0 && !(token.CanBeCanceled && wait.Token == token))
            {
                previous = waiter;
            }
            else
            {
                Unlink(previous, next);
                wait.Next = woken;
                woken = waiter;
            }

            waiter = next;
        }

        return woken;
    }

    private void Count(SocketEvents events)
    {
        unchecked
        {
            if ((events & (PeerEnded | SocketEvents.Priority | EndingEvents)) != 0)
                _hasMoreThanData = true;
            if ((events & SocketEvents.Readable) != 0)
                _readable++;
            if ((events & WritableOrPriority) != 0)
                _writableOrPriority++;
            if ((events & EndingEvents) != 0)
                _failures++;
        }
    }

    private static SocketException Closed() => SocketErrors.Create(SocketError.OperationAborted, "wait");

    private void Resume(ISocketWaiter? woken, SocketWaitOutcome outcome)
    {
        while (woken is not null)
        {
            ISocketWaiter waiter = woken;
            woken = waiter.Wait.Next;
            waiter.Wait.End(outcome);
            if (_inline)
                waiter.Execute();
            else
                ThreadPool.UnsafeQueueUserWorkItem(waiter, preferLocal: false);
        }
    }

    /// <summary>Takes a waiter off the list, unless it is not waiting any more, or waits anew: a timer may be late, and must not end the next wait.</summary>
    private bool Remove(Waiter waiter, short version)
    {
        using (_lock.Enter())
        {
            if (version != waiter.Version)
                return false;
            ISocketWaiter? previous = null;
            for (ISocketWaiter? candidate = _waiting; candidate is not null; previous = candidate, candidate = candidate.Wait.Next)
            {
                if (candidate != waiter)
                    continue;
                Unlink(previous, waiter.Wait.Next);
                waiter.Wait.Next = null;
                return true;
            }
        }

        return false;
    }

    private void Unlink(ISocketWaiter? previous, ISocketWaiter? next)
    {
        if (previous is null)
            _waiting = next;
        else
            previous.Wait.Next = next;
    }
}
