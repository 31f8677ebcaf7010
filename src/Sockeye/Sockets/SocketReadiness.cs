using System.Net.Sockets;
using System.Threading.Tasks.Sources;

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

    private readonly bool _inline;
    private BriefLock _lock = new();
    private uint _readable;
    private uint _writable;
    private uint _priority;
    private uint _failures;
    private bool _closed;
    private bool _peerEnded;
    private Waiter? _waiting;
    private Waiter? _spare;

    /// <summary>Makes one whose waiters resume on the thread pool, or, <paramref name="inline"/>, within <see cref="Signal"/>.</summary>
    public SocketReadiness(bool inline = false) => _inline = inline;

    /// <summary>Whether a call of <see cref="Close"/> was made.</summary>
    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>
    /// How often one of <paramref name="events"/> was signalled so far, modulo 2^32. Errors and hang-ups count for every event. Read it before a try.
    /// </summary>
    public uint Epoch(SocketEvents events)
    {
        // Counts only grow, so the sum is the same if and only if each of them is.
        uint sum = Volatile.Read(ref _failures);
        if ((events & SocketEvents.Readable) != 0)
            sum += Volatile.Read(ref _readable);
        if ((events & SocketEvents.Writable) != 0)
            sum += Volatile.Read(ref _writable);
        if ((events & SocketEvents.Priority) != 0)
            sum += Volatile.Read(ref _priority);
        return sum;
    }

    /// <summary>
    /// Whether nothing but bytes was ever signalled. A receive that stopped short of its buffer has read all there was then; an end, an error or an urgent byte may be
    /// why it stopped otherwise, and would not be signalled again.
    /// </summary>
    internal bool HasOnlyData => Volatile.Read(ref _failures) == 0 && Volatile.Read(ref _priority) == 0 && !Volatile.Read(ref _peerEnded);

    /// <summary>For what somebody waits.</summary>
    internal SocketEvents Awaited
    {
        get
        {
            using (_lock.Enter())
            {
                SocketEvents awaited = SocketEvents.None;
                for (Waiter? waiter = _waiting; waiter is not null; waiter = waiter.Next)
                    awaited |= waiter.Events;
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

        // An error or a hang-up ends every wait.
        events |= SocketEvents.Error | SocketEvents.HangUp;
        if (IsOver(events, epoch, timeout, cancellationToken, out ValueTask<bool> over))
            return over;

        // What may end the wait early is there before the wait: then whoever ends it need not ask whether it came to be.
        Waiter waiter = Interlocked.Exchange(ref _spare, null) ?? new Waiter(this);
        waiter.Start(events, hasTimer: timeout is not null, time, cancellationToken);
        bool isOver;
        using (_lock.Enter())
        {
            isOver = IsOver(events, epoch, timeout, cancellationToken, out over);
            if (!isOver)
            {
                waiter.Next = _waiting;
                _waiting = waiter;
            }
        }

        if (isOver)
        {
            waiter.GiveUp();
            return over;
        }

        if (timeout is { } limit)
            waiter.StartTimer(limit);
        return new ValueTask<bool>(waiter, waiter.Version);
    }

    /// <summary>Says that <paramref name="events"/> are ready: resumes all who wait for one of them.</summary>
    public void Signal(SocketEvents events) => Resume(Take(events, woken: null), Outcome.Ready);

    /// <summary>Ends every wait, now and later, with <see cref="SocketError.OperationAborted"/>. Idempotent.</summary>
    public void Close()
    {
        Waiter? woken;
        using (_lock.Enter())
        {
            _closed = true;
            woken = _waiting;
            _waiting = null;
        }

        Resume(woken, Outcome.Closed);
    }

    /// <summary>Whether there is nothing to wait for, and what there is instead.</summary>
    private bool IsOver(SocketEvents events, uint epoch, TimeSpan? timeout, CancellationToken cancellationToken, out ValueTask<bool> instead)
    {
        if (cancellationToken.IsCancellationRequested)
            instead = ValueTask.FromCanceled<bool>(cancellationToken);
        else if (IsClosed)
            instead = ValueTask.FromException<bool>(Closed());
        else if (Epoch(events) != epoch)
            instead = new ValueTask<bool>(true);
        else
        {
            instead = new ValueTask<bool>(false);
            return timeout == TimeSpan.Zero;
        }

        return true;
    }

    /// <summary>Counts the events, and moves who waits for one of them from the list to the front of <paramref name="woken"/>.</summary>
    private Waiter? Take(SocketEvents events, Waiter? woken)
    {
        using (_lock.Enter())
        {
            if (_closed)
                return woken;
            Count(events);
            Waiter? previous = null;
            for (Waiter? waiter = _waiting; waiter is not null;)
            {
                Waiter? next = waiter.Next;
                if ((waiter.Events & events) == 0)
                {
                    previous = waiter;
                }
                else
                {
                    Unlink(previous, waiter);
                    waiter.Next = woken;
                    woken = waiter;
                }

                waiter = next;
            }

            return woken;
        }
    }

    private void Count(SocketEvents events)
    {
        unchecked
        {
            if ((events & PeerEnded) != 0)
                _peerEnded = true;
            if ((events & SocketEvents.Readable) != 0)
                _readable++;
            if ((events & SocketEvents.Writable) != 0)
                _writable++;
            if ((events & SocketEvents.Priority) != 0)
                _priority++;
            if ((events & (SocketEvents.Error | SocketEvents.HangUp)) != 0)
                _failures++;
        }
    }

    private static SocketException Closed() => SocketErrors.Create(SocketError.OperationAborted, "wait");

    private void Resume(Waiter? woken, Outcome outcome)
    {
        while (woken is not null)
        {
            Waiter waiter = woken;
            woken = waiter.Next;
            waiter.End(outcome, _inline);
        }
    }

    /// <summary>
    /// Takes a waiter off the list, unless it is not waiting any more, or waits anew: a timer's or a token's callback
    /// may be late, and must not end the next wait.
    /// </summary>
    private bool Remove(Waiter waiter, short? version, CancellationToken token)
    {
        using (_lock.Enter())
        {
            if (version is { } expected ? expected != waiter.Version : token != waiter.Token)
                return false;
            Waiter? previous = null;
            for (Waiter? candidate = _waiting; candidate is not null; previous = candidate, candidate = candidate.Next)
            {
                if (candidate != waiter)
                    continue;
                Unlink(previous, waiter);
                waiter.Next = null;
                return true;
            }
        }

        return false;
    }

    private void Unlink(Waiter? previous, Waiter waiter)
    {
        if (previous is null)
            _waiting = waiter.Next;
        else
            previous.Next = waiter.Next;
    }

    private enum Outcome
    {
        Ready,
        TimedOut,
        Cancelled,
        Closed,
    }

    /// <summary>One wait. Kept and used again by its owner, so that a steady stream of waits allocates nothing.</summary>
    private sealed class Waiter(SocketReadiness owner) : IValueTaskSource<bool>, IThreadPoolWorkItem
    {
        private ManualResetValueTaskSourceCore<bool> _source;
        private CancellationTokenRegistration _registration;
        private ITimer? _timer;
        private Outcome _outcome;

        public Waiter? Next;

        public SocketEvents Events { get; private set; }

        public CancellationToken Token { get; private set; }

        public short Version => _source.Version;

        public void Start(SocketEvents events, bool hasTimer, TimeProvider time, CancellationToken token)
        {
            Events = events;
            Token = token;
            if (hasTimer)
                _timer = time.CreateTimer(static state => ((Expiry)state!).Expire(), new Expiry(this), Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (token.CanBeCanceled)
                _registration = token.UnsafeRegister(static (state, token) => ((Waiter)state!).Cancel(token), this);
        }

        /// <summary>The wait has begun, and may have ended already.</summary>
        public void StartTimer(TimeSpan timeout) => Volatile.Read(ref _timer)?.Change(timeout, Timeout.InfiniteTimeSpan);

        /// <summary>It came to no wait.</summary>
        public void GiveUp()
        {
            StopClocks();
            BeSpare();
        }

        /// <summary>Finishes the wait and resumes who waited.</summary>
        public void End(Outcome outcome, bool inline)
        {
            Finish(outcome);
            if (inline)
                Execute();
            else
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        /// <summary>The end, by whoever took the waiter off its owner's list: exactly once a wait. <see cref="Execute"/> is to follow.</summary>
        public void Finish(Outcome outcome)
        {
            StopClocks();
            _outcome = outcome;
            Next = null;
        }

        public void Execute()
        {
            switch (_outcome)
            {
                case Outcome.Ready:
                    _source.SetResult(true);
                    break;
                case Outcome.TimedOut:
                    _source.SetResult(false);
                    break;
                case Outcome.Cancelled:
                    _source.SetException(new OperationCanceledException(Token));
                    break;
                default:
                    _source.SetException(Closed());
                    break;
            }
        }

        private void StopClocks()
        {
            _registration.Unregister();
            _registration = default;
            _timer?.Dispose();
            _timer = null;
        }

        private void BeSpare()
        {
            Token = default;
            Volatile.Write(ref owner._spare, this);
        }

        private void Cancel(CancellationToken token)
        {
            if (owner.Remove(this, version: null, token))
                End(Outcome.Cancelled, owner._inline);
        }

        private void Expire(short version)
        {
            if (owner.Remove(this, version, Token))
                End(Token.IsCancellationRequested ? Outcome.Cancelled : Outcome.TimedOut, owner._inline);
        }

        bool IValueTaskSource<bool>.GetResult(short token)
        {
            try
            {
                return _source.GetResult(token);
            }
            finally
            {
                _source.Reset();
                BeSpare();
            }
        }

        ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _source.GetStatus(token);

        void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _source.OnCompleted(continuation, state, token, flags);

        private sealed class Expiry(Waiter waiter)
        {
            private readonly short _version = waiter.Version;

            public void Expire() => waiter.Expire(_version);
        }
    }
}
