using System.Buffers;
using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>
/// Records events beside the sockets: each is noted with its time where it happens, waits in a queue, and is handed to <see cref="Record"/> one at a time on
/// a thread of the pool. Sockets never wait for a recorder: what finds the queue full is dropped and counted.
/// </summary>
/// <remarks>
/// Events come in the order of their times. A send is told of when its call has returned, and by then the answer may have been told of: it stands where its call began, and
/// what comes behind it waits until the call has returned. That is not waited for longer than 5 seconds, nor until the queue is full: such a call is recorded when it returns.
/// </remarks>
public abstract class SocketRecorder : EventObserver, IAsyncDisposable, IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private readonly SocketNotes _notes = new();
    private readonly EventClock _clock;
    private readonly RecorderOptions _options;
    private readonly int _dataBytesMax;
    private readonly EventQueue _queue = new();
    private readonly List<SocketEvent> _recording = [];
    private ITimer? _patience;
    private bool _isPatienceSet;
    private List<Mark>? _marks;
    private long _taken;
    private long _recorded;
    private long _queuedBytes;
    private long _dropped;
    private long _toldDropped;
    private bool _isRunning;
    private bool _hasEnded;
    private int _thread;

    /// <summary>How long the events behind a call that is under way wait for it. A call of a socket only tries: it takes longer only where its thread has to rest.</summary>
    internal static readonly TimeSpan CallTimeMax = TimeSpan.FromSeconds(5);

    /// <summary>The same while the queue is more than half full: soon events would be lost.</summary>
    internal static readonly TimeSpan CrowdedCallTimeMax = TimeSpan.FromMilliseconds(20);

    /// <summary>Makes a recorder.</summary>
    /// <param name="timeProvider">The clock of the events; null for the system's.</param>
    /// <param name="options">How much may wait; null for the defaults.</param>
    /// <param name="dataBytesMax">How many bytes of an event are kept for <see cref="Record"/>.</param>
    protected SocketRecorder(TimeProvider? timeProvider = null, RecorderOptions? options = null, int dataBytesMax = int.MaxValue)
    {
        _clock = new EventClock(timeProvider ?? TimeProvider.System);
        _options = options ?? RecorderOptions.Standard;
        _dataBytesMax = dataBytesMax;
    }

    /// <summary>How many events were lost: the queue was full, recording one threw, or recording one caused another.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>When it was made, UTC: no event is before it.</summary>
    public DateTimeOffset StartedAt => _clock.StartedAt;

    /// <summary>Waits until all that was told before is recorded, and what is being sent meanwhile, as long as that is waited for.</summary>
    public Task FlushAsync()
    {
        lock (_lock)
        {
            if (_recorded == _taken)
                return Task.CompletedTask;
            Mark mark = new(_taken);
            (_marks ??= []).Add(mark);
            SetPatience();
            return mark.Reached.Task;
        }
    }

    /// <summary>Takes no more events, and waits until all that were taken are recorded.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        lock (_lock)
            _hasEnded = true;
        await FlushAsync().ConfigureAwait(false);
        lock (_lock)
            _patience?.Dispose();
    }

    /// <summary>Records what waits. Called by the pool, once for all that waits.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        while (TakeReady() is > 0 and var taken)
        {
            _thread = Environment.CurrentManagedThreadId;
            foreach (SocketEvent happened in _recording)
                RecordOne(happened);
            Guard(static recorder => recorder.Flush());
            _thread = 0;
            Finish(taken);
        }
    }

    /// <summary>Records one event. Never called by two threads at once. What it throws is counted as one event dropped.</summary>
    /// <param name="happened">The event. Its <see cref="SocketEvent.Data"/> is valid during the call only.</param>
    protected abstract void Record(SocketEvent happened);

    /// <summary>Nothing waits at the moment: what is gathered can be written out.</summary>
    protected virtual void Flush()
    {
    }

    /// <summary>The number that events of this socket have or will have.</summary>
    protected int NumberOf(NetworkSocket socket)
    {
        lock (_lock)
            return _notes.Number(socket);
    }

    /// <summary>How many events were lost since this was last asked, for who tells of it among what it records.</summary>
    private protected long TakeDropped()
    {
        long dropped = Dropped;
        (long before, _toldDropped) = (_toldDropped, dropped);
        return dropped - before;
    }

    private protected sealed override bool HasRoom(int dataLength, EventPlace? place = null)
    {
        if ((place is null ? HasRoomForOne() : place != EventPlace.Refused)
            && Volatile.Read(ref _queuedBytes) + Math.Min(dataLength, _dataBytesMax) <= _options.QueuedBytesMax)
        {
            return true;
        }

        if (!_hasEnded)
            Interlocked.Increment(ref _dropped);
        return false;
    }

    private protected sealed override EventPlace? ReservePlace(NetworkSocket socket)
    {
        if (!HasRoomForOne())
            return EventPlace.Refused;
        lock (_lock)
        {
            if (_hasEnded)
                return EventPlace.Refused;
            EventPlace place = new() { Time = _clock.Now, TellsEnds = _notes.LacksEnds(socket) };
            _queue.Add(place);
            _taken++;
            return place;
        }
    }

    private protected sealed override void GiveBackPlace(EventPlace place)
    {
        // Only its own thread or one that waits no longer closes it.
        if (!place.IsOpen)
            return;
        bool starts;
        lock (_lock)
        {
            place.Close(null);
            starts = Starts();
        }

        Start(starts);
    }

    private protected sealed override void Take(SocketEvent happened, ReadOnlySpan<byte> data, EventPlace? place = null)
    {
        happened.Data = Keep(data[..Math.Min(data.Length, _dataBytesMax)]);
        bool starts;
        lock (_lock)
        {
            bool isAwaited = place is { IsOpen: true };
            if (_hasEnded && !isAwaited)
            {
                Release(happened);
                return;
            }

            happened.Time = isAwaited ? place!.Time : _clock.Now;
            _notes.Complete(happened, place);
            _queuedBytes += happened.Data.Length;
            if (isAwaited)
            {
                place!.Close(happened);
            }
            else
            {
                _queue.Add(happened);
                _taken++;
            }

            starts = Starts();
        }

        Start(starts);
    }

    private bool HasRoomForOne() =>
        Environment.CurrentManagedThreadId != Volatile.Read(ref _thread)
        && Volatile.Read(ref _taken) - Volatile.Read(ref _recorded) < _options.QueuedEventsMax;

    /// <summary>Whether somebody has to record now: nobody does yet, and the first event is there, or is not waited for any longer. In the lock.</summary>
    private bool Starts()
    {
        if (_isRunning)
            return false;
        _isRunning = _queue.IsReady || IsOverdue();
        if (!_isRunning)
            SetPatience();
        return _isRunning;
    }

    private void Start(bool starts)
    {
        if (starts)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Whether a call holds up too much, or for too long.</summary>
    private bool IsOverdue() =>
        _queue.OpenSince is { } since
        && _clock.Now - since >= (_queue.Count > _options.QueuedEventsMax / 2 || _queuedBytes > _options.QueuedBytesMax / 2 ? CrowdedCallTimeMax : CallTimeMax);

    /// <summary>A call that is under way is waited for by somebody: not without end.</summary>
    private void SetPatience()
    {
        if (_isPatienceSet || _queue.OpenSince is not { } since || (_queue.Count == 1 && _marks is not { Count: > 0 }))
            return;
        _isPatienceSet = true;
        _patience ??= _clock.CreateTimer(LosePatience);
        _patience.Change(TimeSpan.FromTicks(Math.Max(0, (CallTimeMax - (_clock.Now - since)).Ticks)), Timeout.InfiniteTimeSpan);
    }

    private void LosePatience()
    {
        bool starts;
        lock (_lock)
        {
            _isPatienceSet = false;
            starts = Starts();
        }

        Start(starts);
    }

    private static ReadOnlyMemory<byte> Keep(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return default;
        byte[] kept = ArrayPool<byte>.Shared.Rent(data.Length);
        data.CopyTo(kept);
        return kept.AsMemory(0, data.Length);
    }

    private static void Release(SocketEvent happened)
    {
        if (MemoryMarshal.TryGetArray(happened.Data, out ArraySegment<byte> kept) && kept.Count > 0)
            ArrayPool<byte>.Shared.Return(kept.Array!);
        happened.Data = default;
    }

    /// <summary>Takes what can be recorded.</summary>
    /// <returns>How many events, or calls that came to nothing; zero, and no longer running, when there is nothing.</returns>
    private int TakeReady()
    {
        lock (_lock)
        {
            int taken = _queue.TakeReady(_recording);
            if (taken == 0 && IsOverdue())
            {
                _queue.PassOpen();
                taken = 1;
            }

            _isRunning = taken > 0;
            if (!_isRunning)
                SetPatience();
            return taken;
        }
    }

    private void RecordOne(SocketEvent happened)
    {
        int length = happened.Data.Length;
        try
        {
            Record(happened);
        }
        catch (Exception)
        {
            Interlocked.Increment(ref _dropped);
        }

        Release(happened);
        Interlocked.Add(ref _queuedBytes, -length);
    }

    private void Guard(Action<SocketRecorder> action)
    {
        try
        {
            action(this);
        }
        catch (Exception)
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    private void Finish(int taken)
    {
        List<Mark>? reached = null;
        lock (_lock)
        {
            _recorded += taken;
            _recording.Clear();
            if (_marks is not null)
            {
                reached = _marks.FindAll(mark => mark.At <= _recorded);
                _marks.RemoveAll(mark => mark.At <= _recorded);
            }
        }

        reached?.ForEach(static mark => mark.Reached.SetResult());
    }

    private sealed record Mark(long At)
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
