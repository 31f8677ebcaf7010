namespace Sockeye;

/// <summary>
/// Keeps events in memory, for tests and assertions. It is bounded: when it holds <see cref="Capacity"/> events, or the next one's
/// bytes would make more than <see cref="DataBytesMax"/>, that one is dropped and counted; what it has it keeps.
/// </summary>
/// <remarks>Any thread may report and read. The sockets of the events it holds are not collected before it is cleared.</remarks>
public sealed class MemoryRecorder : EventObserver
{
    /// <summary>The default of <see cref="Capacity"/>: 4,096 events.</summary>
    public const int CapacityDefault = 4096;

    /// <summary>The default of <see cref="DataBytesMax"/>: 1 MiB.</summary>
    public const int DataBytesMaxDefault = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly List<Kept> _events = [];
    private readonly SocketNotes _notes = new();
    private readonly EventClock _clock;
    private List<Waiter>? _waiters;
    private long _dataBytes;
    private long _lastOrder;
    private long _dropped;

    /// <summary>Makes a recorder.</summary>
    /// <param name="capacity">The most events it keeps.</param>
    /// <param name="dataBytesMax">The most bytes sent and received that it keeps.</param>
    /// <param name="timeProvider">The clock of <see cref="SocketEvent.Time"/>; null for the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is negative.</exception>
    public MemoryRecorder(int capacity = CapacityDefault, int dataBytesMax = DataBytesMaxDefault, TimeProvider? timeProvider = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfNegative(dataBytesMax);
        Capacity = capacity;
        DataBytesMax = dataBytesMax;
        _clock = new EventClock(timeProvider ?? TimeProvider.System);
    }

    /// <summary>The most events it keeps.</summary>
    public int Capacity { get; }

    /// <summary>The most bytes, sent and received, that it keeps over all events.</summary>
    public int DataBytesMax { get; }

    /// <summary>How many events came when it was full.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>The events so far, in the order they happened, a send and a shutdown where the call began: a copy.</summary>
    public IReadOnlyList<SocketEvent> Events
    {
        get
        {
            lock (_lock)
                return _events.ConvertAll(static kept => kept.Event);
        }
    }

    /// <summary>Forgets the events; <see cref="Dropped"/> goes on counting.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _events.Clear();
            _dataBytes = 0;
        }
    }

    /// <summary>Waits for the first event that matches, among those it holds and those to come.</summary>
    /// <param name="match">Whether it is the one. Called while the socket waits: it must be quick.</param>
    /// <param name="cancellationToken">Ends the wait. An event that is dropped is never matched.</param>
    public async Task<SocketEvent> WaitAsync(Func<SocketEvent, bool> match, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(match);
        Waiter waiter = new(match);
        lock (_lock)
        {
            if (_events.Find(kept => match(kept.Event)) is { Event: not null } found)
                return found.Event;
            (_waiters ??= []).Add(waiter);
        }

        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister((_, token) => waiter.Found.TrySetCanceled(token), state: null);
        await using (registration.ConfigureAwait(false))
        {
            try
            {
                return await waiter.Found.Task.ConfigureAwait(false);
            }
            finally
            {
                lock (_lock)
                    _waiters.Remove(waiter);
            }
        }
    }

    /// <summary>Without the lock: it is looked at again where the event is taken.</summary>
    private protected override bool HasRoom(int dataLength, EventPlace? place = null) => HasRoomNow(dataLength);

    private protected override EventPlace? ReservePlace(NetworkSocket socket)
    {
        if (_events.Count >= Capacity)
            return null;
        lock (_lock)
            return new EventPlace { Time = _clock.Now, Order = ++_lastOrder, TellsEnds = _notes.LacksEnds(socket) };
    }

    /// <summary>Nothing waits for it.</summary>
    private protected override void GiveBackPlace(EventPlace place)
    {
    }

    private protected override void Take(SocketEvent happened, ReadOnlySpan<byte> data, EventPlace? place = null)
    {
        lock (_lock)
        {
            // Another thread may have taken the last place meanwhile.
            if (!HasRoomNow(data.Length))
                return;
            happened.Time = place?.Time ?? _clock.Now;
            _notes.Complete(happened, place);
            happened.Data = data.ToArray();
            AddLocked(new Kept(place?.Order ?? ++_lastOrder, happened));
        }
    }

    private bool HasRoomNow(int dataLength)
    {
        if (_events.Count < Capacity && Volatile.Read(ref _dataBytes) + dataLength <= DataBytesMax)
            return true;
        Interlocked.Increment(ref _dropped);
        return false;
    }

    private void AddLocked(Kept kept)
    {
        int index = _events.Count;
        while (index > 0 && _events[index - 1].Order > kept.Order)
            index--;
        _events.Insert(index, kept);
        _dataBytes += kept.Event.Data.Length;
        if (_waiters is null)
            return;
        foreach (Waiter waiter in _waiters)
            waiter.Try(kept.Event);
    }

    private readonly record struct Kept(long Order, SocketEvent Event);

    private sealed record Waiter(Func<SocketEvent, bool> Match)
    {
        public TaskCompletionSource<SocketEvent> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>What the test's own function throws is the test's, not the socket's.</summary>
        public void Try(SocketEvent item)
        {
            try
            {
                if (Match(item))
                    Found.TrySetResult(item);
            }
            catch (Exception e)
            {
                Found.TrySetException(e);
            }
        }
    }
}
