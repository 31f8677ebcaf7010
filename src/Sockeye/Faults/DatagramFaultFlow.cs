using System.Buffers;

namespace Sockeye;

/// <summary>
/// One direction of a session of datagrams: each is lost, changed, doubled and delayed by itself. Those that wait are sent when they are due, by one sender at a
/// time, in the order of their times.
/// </summary>
internal sealed class DatagramFaultFlow : IAsyncDisposable
{
    /// <summary>How long a datagram that the next one is to overtake waits for one.</summary>
    public static readonly TimeSpan OvertakenMax = TimeSpan.FromMilliseconds(100);

    /// <summary>How long datagrams queue for a rate: what would have to wait longer is lost, as in a router.</summary>
    public static readonly TimeSpan RateQueueMax = TimeSpan.FromSeconds(1);

    private readonly FaultControl _control;
    private readonly FaultDirection _direction;
    private readonly FaultDice _dice;
    private readonly FaultLine _line = new();
    private readonly TimeProvider _time;
    private readonly long _begin;
    private readonly Func<byte[], DatagramResult, ValueTask> _send;
    private readonly Action<SocketFault> _met;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<Waiting, (TimeSpan Due, long Order)> _queue = new();
    private readonly ITimer _timer;
    private Waiting? _overtaken;
    private TimeSpan _overtakenDue;
    private Task _sending = Task.CompletedTask;
    private long _lastOrder;
    private long _queuedBytes;
    private long _seen;
    private bool _isSending;
    private bool _isStopped;

    /// <param name="control">Whose plan it is.</param>
    /// <param name="number">The session's.</param>
    /// <param name="direction">Which way.</param>
    /// <param name="time">The clock.</param>
    /// <param name="send">Passes one on; tells of its failures itself.</param>
    /// <param name="met">Told of each that is lost, changed, doubled or held here.</param>
    public DatagramFaultFlow(FaultControl control, long number, FaultDirection direction, TimeProvider time, Func<byte[], DatagramResult, ValueTask> send, Action<SocketFault> met)
    {
        (_control, _direction, _dice, _time, _send, _met) = (control, direction, control.DiceOf(number, direction), time, send, met);
        _begin = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((DatagramFaultFlow)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many datagrams have come here and met what they had to.</summary>
    public long Seen => Volatile.Read(ref _seen);

    private TimeSpan Now => _time.GetElapsedTime(_begin);

    /// <summary>Passes one on, now or later, or not. The buffer is the caller's again when it returns.</summary>
    public async ValueTask PassAsync(byte[] buffer, DatagramResult received)
    {
        try
        {
            await MeetAsync(buffer, received).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Increment(ref _seen);
        }
    }

    public ValueTask DisposeAsync() => new(StopAsync());

    private ValueTask MeetAsync(byte[] buffer, DatagramResult received)
    {
        DirectionFaults faults = _control.Plan.Of(_direction);

        // What is too long to be relayed is told by whoever sends it.
        if (faults.IsNone || received.Truncated || received.Count > DatagramPassing.DatagramSizeMax)
            return _send(buffer, received);
        if (_dice.Falls(faults.Drop))
            return Lose(FaultKind.Dropped, received.Count);
        Corrupt(faults, buffer.AsSpan(0, received.Count));
        bool isDoubled = _dice.Falls(faults.Duplicate);
        bool isOvertaken = _dice.Falls(faults.Reorder);
        lock (_lock)
        {
            TimeSpan now = Now;
            TimeSpan ready = now;
            if (faults.Rate is { } rate)
            {
                if (_line.FreeAt - now > RateQueueMax)
                    return Lose(FaultKind.Overflowed, received.Count);
                ready = _line.Send(received.Count, rate, now, now);
            }

            TimeSpan due = ready + _dice.Delay(faults);
            if (due > now)
                _control.Counts.Count(FaultKind.Delayed);
            bool holds = isOvertaken && _overtaken is null;
            if (holds)
            {
                Meet(FaultKind.Reordered, received.Count);
                (_overtaken, _overtakenDue) = (TryCopy(buffer, received), due + OvertakenMax);
            }
            else
            {
                Add(TryCopy(buffer, received), due);
            }

            if (isDoubled)
            {
                Meet(FaultKind.Duplicated, received.Count);
                Add(TryCopy(buffer, received), ready + _dice.Delay(faults));
            }

            if (!holds && _overtaken is { } overtaken)
            {
                _overtaken = null;
                Add(overtaken, due);
            }

            Schedule();
            return new ValueTask(due <= now && _isSending ? _sending : Task.CompletedTask);
        }
    }

    /// <summary>Drops what waits, and waits for what is being sent.</summary>
    public Task StopAsync()
    {
        lock (_lock)
        {
            _isStopped = true;
            while (_queue.TryDequeue(out Waiting? waiting, out _))
                Return(waiting);
            if (_overtaken is { } overtaken)
                Return(overtaken);
            _overtaken = null;
            _timer.Dispose();
            return _sending;
        }
    }

    private ValueTask Lose(FaultKind kind, int bytes)
    {
        Meet(kind, bytes);
        return ValueTask.CompletedTask;
    }

    private void Corrupt(DirectionFaults faults, Span<byte> datagram)
    {
        if (!_dice.Falls(faults.Corrupt) || datagram.Length == 0)
            return;
        _dice.TurnBit(datagram);
        Meet(FaultKind.Corrupted, datagram.Length);
    }

    /// <summary>Null: too much waits already.</summary>
    private Waiting? TryCopy(byte[] buffer, DatagramResult received)
    {
        if (_isStopped)
            return null;
        if (_queuedBytes == 0)
        {
            _control.Budget.Take(received.Count);
        }
        else if (_queuedBytes + received.Count > _control.QueueBytesMax || !_control.Budget.TryTake(received.Count, _control.QueueBytesTotalMax))
        {
            Meet(FaultKind.Overflowed, received.Count);
            return null;
        }

        _queuedBytes += received.Count;
        byte[] copy = ArrayPool<byte>.Shared.Rent(Math.Max(received.Count, 1));
        buffer.AsSpan(0, received.Count).CopyTo(copy);
        return new Waiting(copy, received);
    }

    private void Add(Waiting? waiting, TimeSpan due)
    {
        if (waiting is not null)
            _queue.Enqueue(waiting, (due, ++_lastOrder));
    }

    /// <summary>Begins to send what is due, or sees to it that it will be.</summary>
    private void Schedule()
    {
        if (_isSending || _isStopped || NextDue() is not { } due)
            return;
        TimeSpan left = due - Now;
        if (left > TimeSpan.Zero)
        {
            _timer.Change(FaultLink.Whole(left), Timeout.InfiniteTimeSpan);
            return;
        }

        _isSending = true;
        _sending = SendDueAsync();
    }

    private TimeSpan? NextDue()
    {
        TimeSpan? first = _queue.TryPeek(out _, out (TimeSpan Due, long Order) place) ? place.Due : null;
        return _overtaken is null || first < _overtakenDue ? first : _overtakenDue;
    }

    private void OnTimer()
    {
        lock (_lock)
            Schedule();
    }

    private async Task SendDueAsync()
    {
        // Not under the caller's lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (TryTakeDue() is { } waiting)
        {
            try
            {
                await _send(waiting.Buffer, waiting.Received).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The relay stops.
            }
            finally
            {
                lock (_lock)
                    Return(waiting);
            }
        }
    }

    private Waiting? TryTakeDue()
    {
        lock (_lock)
        {
            TimeSpan now = Now;
            if (_queue.TryPeek(out _, out (TimeSpan Due, long Order) place) && place.Due <= now)
                return _queue.Dequeue();
            if (_overtaken is { } overtaken && _overtakenDue <= now)
            {
                _overtaken = null;
                return overtaken;
            }

            _isSending = false;
            Schedule();
            return null;
        }
    }

    private void Return(Waiting waiting)
    {
        ArrayPool<byte>.Shared.Return(waiting.Buffer);
        _control.Budget.Return(waiting.Received.Count);
        _queuedBytes -= waiting.Received.Count;
    }

    private void Meet(FaultKind kind, int bytes)
    {
        _control.Counts.Count(kind);
        _met(new SocketFault(kind) { Direction = _direction, Bytes = bytes });
    }

    private sealed record Waiting(byte[] Buffer, DatagramResult Received);
}
