using System.Buffers;
using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>
/// Records events beside the sockets: each is noted with its time where it happens, waits in a queue, and is handed to <see cref="Record"/> one at a time on
/// a thread of the pool. Sockets never wait for a recorder: what finds the queue full is dropped and counted.
/// </summary>
public abstract class SocketRecorder : EventObserver, IAsyncDisposable, IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private readonly SocketNotes _notes = new();
    private readonly EventClock _clock;
    private readonly RecorderOptions _options;
    private readonly int _dataBytesMax;
    private List<SocketEvent> _waiting = [];
    private List<SocketEvent> _recording = [];
    private List<Mark>? _marks;
    private long _taken;
    private long _recorded;
    private long _queuedBytes;
    private long _dropped;
    private long _toldDropped;
    private bool _isRunning;
    private bool _hasEnded;
    private int _thread;

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

    /// <summary>Waits until all that was told before is recorded.</summary>
    public Task FlushAsync()
    {
        lock (_lock)
        {
            if (_recorded == _taken)
                return Task.CompletedTask;
            Mark mark = new(_taken);
            (_marks ??= []).Add(mark);
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
    }

    /// <summary>Records what waits. Called by the pool, once for all that waits.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        while (TakeWaiting() is { Count: > 0 } batch)
        {
            _thread = Environment.CurrentManagedThreadId;
            foreach (SocketEvent happened in batch)
                RecordOne(happened);
            Guard(static recorder => recorder.Flush());
            _thread = 0;
            Finish(batch);
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

    private protected sealed override bool HasRoom(int dataLength)
    {
        if (Environment.CurrentManagedThreadId != Volatile.Read(ref _thread)
            && Volatile.Read(ref _taken) - Volatile.Read(ref _recorded) < _options.QueuedEventsMax
            && Volatile.Read(ref _queuedBytes) + Math.Min(dataLength, _dataBytesMax) <= _options.QueuedBytesMax)
        {
            return true;
        }

        if (!_hasEnded)
            Interlocked.Increment(ref _dropped);
        return false;
    }

    private protected sealed override void Take(SocketEvent happened, ReadOnlySpan<byte> data)
    {
        happened.Time = _clock.Now;
        happened.Data = Keep(data[..Math.Min(data.Length, _dataBytesMax)]);
        bool starts;
        lock (_lock)
        {
            if (_hasEnded)
            {
                Release(happened);
                return;
            }

            _notes.Complete(happened);
            _waiting.Add(happened);
            _taken++;
            _queuedBytes += happened.Data.Length;
            starts = !_isRunning;
            _isRunning = true;
        }

        if (starts)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
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

    /// <summary>What waits; empty, and no longer running, when nothing does.</summary>
    private List<SocketEvent> TakeWaiting()
    {
        lock (_lock)
        {
            (_waiting, _recording) = (_recording, _waiting);
            _isRunning = _recording.Count > 0;
            return _recording;
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

    private void Finish(List<SocketEvent> batch)
    {
        List<Mark>? reached = null;
        lock (_lock)
        {
            _recorded += batch.Count;
            batch.Clear();
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
