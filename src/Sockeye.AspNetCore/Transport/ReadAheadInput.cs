using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Sockeye;

/// <summary>
/// What the application reads. A connection of Sockeye reads when it is asked to; Kestrel has to know that a client has left while nobody asks. So there is
/// always one read under way, or its result waits here: no pump, no copy, and no second buffer.
/// </summary>
/// <remarks>
/// <code>
/// Reading  a read of the connection is under way; bytes before it may be unseen
/// Ready    its result waits for the application: bytes that it has not seen, or the end
/// Taken    the application has the result, until it calls AdvanceTo
/// Over     the connection has failed, or the application reads no more
/// </code>
/// The application that reads while bytes wait behind a read under way cancels that read, which loses nothing and gives them.
/// </remarks>
internal sealed class ReadAheadInput : PipeReader, IValueTaskSource<ReadResult>, IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private readonly PipeReader _inner;
    private readonly Resuming _resuming;
    private readonly int _aheadMax;
    private readonly Action<Exception?> _ended;
    private readonly Action _wasRead;
    private ManualResetValueTaskSourceCore<ReadResult> _source;
    private ConfiguredValueTaskAwaitable<ReadResult>.ConfiguredValueTaskAwaiter _read;
    private Phase _phase = Phase.Reading;
    private ReadResult _result;
    private Exception? _failure;

    /// <summary>Bytes at the front that the application has examined and not consumed.</summary>
    private long _seen;

    /// <summary>Bytes behind them, as of the last result.</summary>
    private long _unseen;
    private bool _isWaiting;
    private bool _isCancelled;
    private bool _isCompleted;
    private bool _isReadOnQueued;
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private ReadResult _answer;
    private Exception? _answerFailure;

    /// <param name="inner">The connection's.</param>
    /// <param name="aheadMax">How many bytes are read before they are asked for.</param>
    /// <param name="resuming">Where the application goes on.</param>
    /// <param name="ended">Is called once, when the peer has ended its side (null) or the connection has failed, without a lock and possibly within any call.</param>
    public ReadAheadInput(PipeReader inner, int aheadMax, Resuming resuming, Action<Exception?> ended)
    {
        (_inner, _aheadMax, _resuming, _ended) = (inner, aheadMax, resuming, ended);
        _wasRead = WasRead;
    }

    private enum Phase
    {
        Reading,
        Ready,
        Taken,
        Over,
    }

    /// <summary>Begins the first read.</summary>
    public void Start() => Read();

    public override bool TryRead(out ReadResult result)
    {
        bool hasToCancel;
        lock (_lock)
        {
            ThrowIfMisused();
            if (_failure is not null)
                throw _failure;
            if (_phase == Phase.Ready)
            {
                result = Take();
                return true;
            }

            // What waits behind the read under way is here when that has ended.
            hasToCancel = _unseen > 0;
        }

        if (hasToCancel)
            CancelInner();
        result = default;
        return false;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        bool hasToCancel;
        short version;
        lock (_lock)
        {
            ThrowIfMisused();
            if (_failure is not null)
                return ValueTask.FromException<ReadResult>(_failure);
            if (_phase == Phase.Ready)
                return new ValueTask<ReadResult>(Take());
            _isWaiting = true;
            hasToCancel = _unseen > 0 || _isCancelled;
            version = _source.Version;
            _token = cancellationToken;
        }

        if (cancellationToken.CanBeCanceled)
            Register(cancellationToken);
        if (hasToCancel)
            CancelInner();
        return new ValueTask<ReadResult>(this, version);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_lock)
        {
            if (_isCompleted)
                return;
            if (_phase != Phase.Taken)
                throw new InvalidOperationException("There is no read to advance from: call AdvanceTo once after each read.");
            long seen = _result.Buffer.IsEmpty ? 0 : _result.Buffer.Slice(consumed, examined).Length;
            _inner.AdvanceTo(consumed, examined);
            _seen = seen;
            _unseen = 0;
            _result = default;
            _phase = Phase.Reading;
        }

        Read();
    }

    public override void CancelPendingRead()
    {
        bool hasToCancel;
        lock (_lock)
        {
            _isCancelled = true;
            hasToCancel = _isWaiting;
        }

        if (hasToCancel)
            CancelInner();
    }

    public override void Complete(Exception? exception = null)
    {
        if (Stop())
            _inner.Complete();
    }

    /// <summary>
    /// The application reads no more. What it was given last stays its own until the inner reader is completed, which is left to the caller; false: there is nothing to do, or
    /// a read under way does it as it ends.
    /// </summary>
    public bool Stop()
    {
        bool isReading;
        lock (_lock)
        {
            if (_isCompleted)
                return false;
            _isCompleted = true;
            isReading = _phase == Phase.Reading;
            _phase = Phase.Over;
            _result = default;
        }

        if (isReading)
            CancelInner();
        return !isReading;
    }

    /// <summary>The connection is aborted: what was read before is not given any more.</summary>
    public void Abort(Exception reason)
    {
        lock (_lock)
            _failure ??= reason;
    }

    /// <summary>On the pool: reads on behind a result that the application has not come for.</summary>
    public void ReadOn()
    {
        lock (_lock)
        {
            _isReadOnQueued = false;
            if (_phase != Phase.Ready || _result.IsCompleted || _unseen >= _aheadMax)
                return;
            Put();
        }

        Read();
    }

    /// <summary>On the pool: gives the application what it waited for.</summary>
    void IThreadPoolWorkItem.Execute() => Answer();

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            _source.Reset();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void ThrowIfMisused()
    {
        if (_isCompleted)
            throw new InvalidOperationException("This reader is completed: nothing more can be read.");
        if (_phase == Phase.Taken)
            throw new InvalidOperationException("The last read was not advanced from: call AdvanceTo once after each read.");
        if (_isWaiting)
            throw new InvalidOperationException("Somebody reads this connection already: one reader at a time.");
    }

    private void Register(CancellationToken cancellationToken)
    {
        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static (state, token) => ((ReadAheadInput)state!).GiveUp(token), this);
        lock (_lock)
        {
            if (_isWaiting && _token == cancellationToken)
            {
                _registration = registration;
                return;
            }
        }

        // It has ended meanwhile.
        registration.Unregister();
    }

    private void CancelInner()
    {
        _resuming.Enter();
        _inner.CancelPendingRead();
        _resuming.Leave();
    }

    /// <summary>The application's token ends its wait and not the read under way.</summary>
    private void GiveUp(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_isWaiting || _token != cancellationToken)
                return;
            StopWaiting(default, new OperationCanceledException(cancellationToken));
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Reads until there is something to wait for.</summary>
    [SuppressMessage("Reliability", "CA2012", Justification = "One read at a time, and its result is taken once: an async method would allocate for each.")]
    private void Read()
    {
        do
        {
            try
            {
                _read = _inner.ReadAsync(CancellationToken.None).ConfigureAwait(false).GetAwaiter();
            }
            catch (Exception e)
            {
                // Of a connection that was closed meanwhile.
                Fail(e);
                return;
            }

            if (!_read.IsCompleted)
            {
                _read.UnsafeOnCompleted(_wasRead);
                return;
            }
        }
        while (TakeRead());
    }

    private void WasRead()
    {
        if (TakeRead())
            Read();
    }

    /// <summary>What the read under way brought; true: read on.</summary>
    private bool TakeRead()
    {
        ReadResult result;
        try
        {
            result = _read.GetResult();
        }
        catch (Exception e)
        {
            Fail(e);
            return false;
        }

        bool hasEnded, isAnswered = false;
        lock (_lock)
        {
            hasEnded = result.IsCompleted;
            if (_isCompleted)
            {
                _inner.Complete();
            }
            else
            {
                _result = result;
                _unseen = result.Buffer.Length - _seen;
                _phase = Phase.Ready;
                if (_isWaiting && _failure is not null)
                {
                    StopWaiting(default, _failure);
                    isAnswered = true;
                }
                else if (_isWaiting && (_unseen > 0 || hasEnded || _isCancelled))
                {
                    StopWaiting(Take(), failure: null);
                    isAnswered = true;
                }
                else if (_unseen == 0 && !hasEnded)
                {
                    Put();
                    return true;
                }
                else if (!hasEnded && _unseen < _aheadMax && !_isReadOnQueued)
                {
                    // The application comes for it in a moment, as a rule: then a read in between would only be in its way.
                    _isReadOnQueued = true;
                    ThreadPool.UnsafeQueueUserWorkItem(static input => input.ReadOn(), this, preferLocal: false);
                }
            }
        }

        if (hasEnded)
            _ended(null);
        if (isAnswered)
            Resume();
        return false;
    }

    /// <summary>Gives a result back to the connection, all of it as examined, for the next read.</summary>
    private void Put()
    {
        _inner.AdvanceTo(_result.Buffer.Start, _result.Buffer.End);
        _result = default;
        _phase = Phase.Reading;
    }

    private ReadResult Take()
    {
        _phase = Phase.Taken;
        bool isCancelled = _isCancelled;
        _isCancelled = false;
        return new ReadResult(_result.Buffer, isCancelled, _result.IsCompleted);
    }

    private void Fail(Exception e)
    {
        bool isAnswered = false;
        lock (_lock)
        {
            _phase = Phase.Over;
            _failure ??= ConnectionFailures.Translate(e);
            if (_isCompleted)
            {
                _inner.Complete();
            }
            else if (_isWaiting)
            {
                StopWaiting(default, _failure);
                isAnswered = true;
            }
        }

        _ended(_failure);
        if (isAnswered)
            Resume();
    }

    private void StopWaiting(ReadResult answer, Exception? failure)
    {
        _isWaiting = false;
        _token = default;
        _registration.Unregister();
        _registration = default;
        (_answer, _answerFailure) = (answer, failure);
    }

    private void Resume()
    {
        if (_resuming.MayBeHere)
            Answer();
        else
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Answer()
    {
        (ReadResult answer, Exception? failure) = (_answer, _answerFailure);
        (_answer, _answerFailure) = (default, null);
        if (failure is null)
            _source.SetResult(answer);
        else
            _source.SetException(failure);
    }
}
