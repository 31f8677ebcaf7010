using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Sockeye;

/// <summary>
/// One direction of a wrapped connection: a queue in front of the side where its bytes go out, and a pump that runs while something is in it. Everything keeps
/// its order.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source that has no timer and no wait handle has nothing to dispose of.")]
internal sealed class FaultFlow
{
    private readonly FaultLink _link;
    private readonly Connection _sink;
    private readonly FaultDice _dice;
    private readonly FaultDirection _direction;
    private readonly FaultWriter _writer;
    private readonly Lock _lock = new();
    private readonly Queue<FaultPiece> _queue = new();
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _pump = Task.CompletedTask;
    private Exception? _error;
    private TimeSpan _lastDue;
    private long _bytes;

    /// <summary>Those of <see cref="_bytes"/> that were dropped after all, or whose write failed.</summary>
    private long _lostBytes;

    private long _queuedBytes;
    private volatile bool _isRunning;

    /// <summary>No more bytes are taken: they are after a cut, after the end, or in silence.</summary>
    private volatile bool _isOver;

    /// <summary>What waited was dropped, and the pump is to end.</summary>
    private volatile bool _isStopped;

    /// <summary>A write goes to the side by itself; the pump must not write at the same time.</summary>
    private volatile bool _isPassingStraight;

    private bool _isEndTold;

    /// <param name="link">Both directions.</param>
    /// <param name="sink">The connection where the bytes go out, as it is below.</param>
    /// <param name="dice">The chance of this direction.</param>
    /// <param name="direction">Which it is.</param>
    public FaultFlow(FaultLink link, Connection sink, FaultDice dice, FaultDirection direction)
    {
        (_link, _sink, _dice, _direction) = (link, sink, dice, direction);
        _writer = new FaultWriter(this, link, sink, _stop.Token);
    }

    /// <summary>The side where the bytes go out.</summary>
    public FaultedConnection Side { get; set; } = null!;

    /// <summary>What shall go wrong at this moment.</summary>
    public DirectionFaults Faults => _link.Control.Plan.Of(_direction);

    /// <summary>Whether a write goes by itself at this moment.</summary>
    public bool IsPassingStraight => _isPassingStraight;

    /// <summary>How many bytes have gone to the side, or are on their way to it: neither what came after a cut nor what was dropped.</summary>
    public long BytesPassedOn
    {
        get
        {
            lock (_lock)
                return _bytes - _lostBytes;
        }
    }

    /// <summary>Whether a writer may go on while its bytes wait.</summary>
    public bool Holds => Faults.Holds;

    /// <summary>Whether bytes can go to the side by themselves, without this. They are counted then, and <see cref="PassedStraight"/> has to follow.</summary>
    public bool TryPassStraight(int length)
    {
        lock (_lock)
        {
            if (!IsStraight())
                return false;
            _bytes += length;
            _isPassingStraight = true;
            return true;
        }
    }

    /// <summary>That write has come back.</summary>
    /// <param name="failed">How many bytes it had, if it failed.</param>
    public void PassedStraight(int failed = 0)
    {
        lock (_lock)
        {
            _lostBytes += failed;
            _isPassingStraight = false;
            if (!_isRunning)
                return;
        }

        Signal();
    }

    /// <summary>Whether the end can go by itself.</summary>
    public bool TryEndStraight()
    {
        lock (_lock)
        {
            if (!IsStraight())
                return false;
            _isOver = _isEndTold = true;
            return true;
        }
    }

    /// <summary>Takes what there is room for; the task ends when there may be more, or when nothing waits any more.</summary>
    /// <exception cref="Exception">What passing on earlier bytes failed with.</exception>
    public Task Take(ref ReadOnlyMemory<byte> source)
    {
        FaultPlan plan = _link.Control.Plan;
        bool isCut = false;
        Task moved;
        lock (_lock)
        {
            if (_error is { } error)
                throw error;
            if (_isOver || _link.Phase != FaultPhase.Passing)
            {
                source = default;
                return Task.CompletedTask;
            }

            moved = _moved.Task;
            DirectionFaults faults = plan.Of(_direction);
            int length = _writer.KeepsMessages ? source.Length : Math.Min(source.Length, _link.Control.QueueBytesMax);
            if (length > 0 && !TryMakeRoom(length))
                return moved;
            if (faults.CutAfter is { } cut && _bytes + length >= cut)
            {
                isCut = _isOver = true;
                int rest = (int)Math.Max(0, cut - _bytes);
                _link.Control.Budget.Return(length - rest);
                (_queuedBytes, length) = (_queuedBytes - (length - rest), rest);
            }

            _bytes += length;
            if (length > 0)
                Add(source.Span[..length], faults);
            source = isCut ? default : source[length..];
            if (isCut && HowToCut(plan) is { } how)
            {
                isCut = false;
                Add(new FaultPiece(how, _lastDue, [], 0));
            }
        }

        if (isCut)
            _link.EndInOrder(CutByFault());
        return moved;
    }

    /// <summary>Passes the end on behind what waits.</summary>
    public void End()
    {
        lock (_lock)
        {
            DirectionFaults faults = Faults;
            if (_isEndTold || _error is not null || _link.Phase is FaultPhase.Silent or FaultPhase.Reset)
                return;
            _isOver = _isEndTold = true;
            TimeSpan now = _link.Now;
            TimeSpan due = Later(_lastDue, now + faults.Delay) + faults.SlowClose;
            if (faults.SlowClose > TimeSpan.Zero)
                _link.Control.Counts.Count(FaultKind.ClosedSlowly);
            Add(new FaultPiece(FaultPieceKind.End, due, [], 0));
        }
    }

    /// <summary>Passes a reset on behind what waits; false: nothing waits, or the network takes nothing, and it need not wait either.</summary>
    public bool TryAbortLater(Exception reason)
    {
        lock (_lock)
        {
            if (!_isRunning || _writer.IsWaiting || _error is not null)
                return false;
            _isOver = _isEndTold = true;
            Add(new FaultPiece(FaultPieceKind.Abort, Later(_lastDue, _link.Now + Faults.Delay), [], 0, reason));
            return true;
        }
    }

    /// <summary>Waits until all is passed on.</summary>
    /// <exception cref="Exception">What that failed with.</exception>
    public async Task EmptyAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task moved;
            lock (_lock)
            {
                if (_error is { } error)
                    throw error;
                if (!_isRunning)
                    return;
                moved = _moved.Task;
            }

            await moved.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until all is passed on, or is not to be; throws nothing.</summary>
    /// <param name="stuckTimeout">How long the network may take nothing.</param>
    public async Task FinishAsync(TimeSpan stuckTimeout)
    {
        _writer.GiveUpAfter(stuckTimeout);
        while (_isRunning)
            await _pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Drops what waits and takes nothing more; what is being written is written.</summary>
    /// <param name="error">What writers are told; null: nothing, as if all were well.</param>
    public void Stop(Exception? error)
    {
        Exception? aborted;
        lock (_lock)
        {
            _isOver = _isStopped = true;
            _error ??= error;
            aborted = Drop();
        }

        _stop.Cancel();
        Signal();
        if (aborted is not null)
            Side.CloseNow(aborted);
    }

    /// <summary>Whoever waits looks again.</summary>
    public void Signal()
    {
        TaskCompletionSource moved;
        lock (_lock)
            (moved, _moved) = (_moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        moved.SetResult();
    }

    private bool IsStraight() => !_isRunning && !_isOver && _link.Phase == FaultPhase.Passing && Faults.IsNone;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static FaultPieceKind? HowToCut(FaultPlan plan) => (plan.IsHalfOpen, plan.Reset == TimeSpan.Zero) switch
    {
        (true, true) => FaultPieceKind.SilenceAndReset,
        (true, false) => FaultPieceKind.Silence,
        (false, true) => FaultPieceKind.Reset,
        (false, false) => null,
    };

    private SocketFault CutByFault()
    {
        lock (_lock)
            return new SocketFault(FaultKind.Cut) { Direction = _direction, Bytes = _bytes };
    }

    private bool TryMakeRoom(int length)
    {
        FaultBudget budget = _link.Control.Budget;
        if (_queuedBytes == 0)
            budget.Take(length);
        else if (_queuedBytes + length > _link.Control.QueueBytesMax || !budget.TryTake(length, _link.Control.QueueBytesTotalMax))
            return false;
        _queuedBytes += length;
        return true;
    }

    private void Add(ReadOnlySpan<byte> bytes, DirectionFaults faults)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(buffer);
        FaultCounts counts = _link.Control.Counts;
        if (_dice.Falls(faults.Corrupt))
        {
            _dice.TurnBit(buffer.AsSpan(0, bytes.Length));
            _link.Meet(new SocketFault(FaultKind.Corrupted) { Direction = _direction, Bytes = bytes.Length });
        }

        (TimeSpan again, int losses) = _dice.Retransmissions(faults.Drop);
        counts.Count(FaultKind.Dropped, losses);
        TimeSpan now = _link.Now;
        TimeSpan due = now + _dice.Delay(faults) + again;
        if (due > now)
            counts.Count(FaultKind.Delayed);
        Add(new FaultPiece(FaultPieceKind.Data, _lastDue = Later(due, _lastDue), buffer, bytes.Length));
    }

    private void Add(FaultPiece piece)
    {
        _lastDue = Later(piece.Due, _lastDue);
        _queue.Enqueue(piece);
        if (_isRunning)
            return;
        _isRunning = true;
        _pump = PumpAsync();
    }

    private async Task PumpAsync()
    {
        // Not under the caller's lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (TryPeek(out FaultPiece piece))
        {
            try
            {
                await _writer.UntilAsync(piece.Due).ConfigureAwait(false);
                await AfterStraightAsync().ConfigureAwait(false);
                await PassOnAsync(piece).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_isStopped)
            {
                // Dropped already; the next look finds nothing.
            }
            catch (Exception e)
            {
                Stop(e);
            }
        }

        Signal();
    }

    private bool TryPeek(out FaultPiece piece)
    {
        lock (_lock)
        {
            if (_queue.TryPeek(out piece))
                return true;
            _isRunning = false;
            return false;
        }
    }

    private async ValueTask AfterStraightAsync()
    {
        while (true)
        {
            Task moved;
            lock (_lock)
            {
                if (!_isPassingStraight)
                    return;
                moved = _moved.Task;
            }

            await moved.ConfigureAwait(false);
        }
    }

    private async ValueTask PassOnAsync(FaultPiece piece)
    {
        if (piece.Kind == FaultPieceKind.Data)
        {
            await PassDataOnAsync(piece).ConfigureAwait(false);
            return;
        }

        if (piece.Kind == FaultPieceKind.Abort)
        {
            Stop(piece.Reason);
            return;
        }

        lock (_lock)
            _queue.TryDequeue(out _);
        if (piece.Kind == FaultPieceKind.End)
        {
            await _sink.Output.CompleteAsync().ConfigureAwait(false);
            return;
        }

        _link.Meet(CutByFault());
        if (piece.Kind == FaultPieceKind.Reset)
            _link.Reset();
        else
            _link.Silence(_direction, isReset: piece.Kind == FaultPieceKind.SilenceAndReset);
    }

    private async ValueTask PassDataOnAsync(FaultPiece first)
    {
        TimeSpan merge = Faults.Merge;
        TimeSpan ready = first.Due + merge;
        await _writer.UntilAsync(ready).ConfigureAwait(false);
        if (!TryTakeUntil(ready, merge > TimeSpan.Zero, out byte[] buffer, out int length))
            return;
        int written = 0;
        try
        {
            while (written < length)
                written += await _writer.WriteAsync(buffer.AsMemory(written, length - written), ready).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _link.Control.Budget.Return(length);
            lock (_lock)
            {
                _queuedBytes -= length;
                _lostBytes += length - written;
            }

            Signal();
        }
    }

    /// <summary>The first piece, and those that came until then; false: all was dropped meanwhile.</summary>
    private bool TryTakeUntil(TimeSpan time, bool isMerging, out byte[] buffer, out int length)
    {
        lock (_lock)
        {
            (buffer, length) = ([], 0);
            if (!_queue.TryDequeue(out FaultPiece first))
                return false;
            List<FaultPiece> pieces = [first];
            while (isMerging && _queue.TryPeek(out FaultPiece next) && next.Kind == FaultPieceKind.Data && next.Due <= time)
                pieces.Add(_queue.Dequeue());
            (buffer, length) = pieces.Count == 1 ? (first.Buffer, first.Length) : Join(pieces);
            _link.Control.Counts.Count(FaultKind.Merged, pieces.Count - 1);
            return true;
        }
    }

    private static (byte[] Buffer, int Length) Join(List<FaultPiece> pieces)
    {
        byte[] joined = ArrayPool<byte>.Shared.Rent(pieces.Sum(piece => piece.Length));
        int length = 0;
        foreach (FaultPiece piece in pieces)
        {
            piece.Buffer.AsSpan(0, piece.Length).CopyTo(joined.AsSpan(length));
            length += piece.Length;
            ArrayPool<byte>.Shared.Return(piece.Buffer);
        }

        return (joined, length);
    }

    /// <summary>A reset that waited is not to be forgotten with what it waited for: the reason of one, or null.</summary>
    private Exception? Drop()
    {
        Exception? aborted = null;
        while (_queue.TryDequeue(out FaultPiece piece))
        {
            if (piece.Kind == FaultPieceKind.Abort)
                aborted = piece.Reason;
            if (piece.Kind != FaultPieceKind.Data)
                continue;
            ArrayPool<byte>.Shared.Return(piece.Buffer);
            _link.Control.Budget.Return(piece.Length);
            _queuedBytes -= piece.Length;
            _lostBytes += piece.Length;
        }

        return aborted;
    }
}
