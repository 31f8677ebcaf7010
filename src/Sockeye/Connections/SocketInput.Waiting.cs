using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Sockeye;

// Reads that wait. The reader itself is what is awaited, and what waits for the socket, one read at a time: a state machine for each would cost more than all else that is
// ours of a small message, and objects for each wait more than all else that is ours of an idle connection.
internal sealed partial class SocketInput : IValueTaskSource<ReadResult>, ISocketWaiter
{
    /// <summary>Its result: whether the read was cancelled by <see cref="CancelPendingRead"/>. The bytes are the reader's.</summary>
    private ManualResetValueTaskSourceCore<bool> _source;
    private SocketWait _wait;
    private bool _isWaiting;
    private byte _foundAtOnce;

    ref SocketWait ISocketWaiter.Wait => ref _wait;

    [SuppressMessage("Design", "CA1031", Justification = "Whatever is thrown, the read that is returned throws it.")]
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        bool isCancelled;
        uint epoch;
        try
        {
            ThrowIfCompleted();
            if (TryReadAtOnce(out isCancelled, out epoch))
                return new ValueTask<ReadResult>(Result(isCancelled));

            // It is a link in the list of those who wait for the socket, and must not be there twice.
            if (Interlocked.Exchange(ref _isWaiting, true))
                throw new InvalidOperationException("A read is under way on this connection: one reader at a time, await the last before the next.");
        }
        catch (Exception e)
        {
            return ValueTask.FromException<ReadResult>(e);
        }

        _wait.Token = cancellationToken;
        _wait.IsToldOfToken = cancellationToken == connection.Stopping;
        _source.Reset();
        short version = _source.Version;
        if (!IsWaiting(epoch))
            GoOn();
        return new ValueTask<ReadResult>(this, version);
    }

    /// <summary>What the read waited for has come, or its turn.</summary>
    void IThreadPoolWorkItem.Execute() => GoOn();

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => Result(_source.GetResult(token));

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>What is there, or has come.</summary>
    /// <param name="isCancelled">The result, with the bytes; false: the read is to wait.</param>
    /// <param name="epoch">Since when to wait: a signal that has come meanwhile ends the wait.</param>
    private bool TryReadAtOnce(out bool isCancelled, out uint epoch)
    {
        while (true)
        {
            epoch = Socket.EpochCore(SocketEvents.Readable);
            isCancelled = TakeCancel();
            if (isCancelled || _ended || _examined < _end)
                return true;
            if (_foundAtOnce >= FairTurn.TriesMax)
                return false;
            SocketError error = ReceiveOrWaitFirst(out int count);
            if (error == SocketError.WouldBlock)
            {
                _foundAtOnce = 0;
                return false;
            }

            _foundAtOnce += (byte)FairTurn.TriesOf(count);
            Check(error);
        }
    }

    /// <summary>A try, unless the wait that follows one in vain may as well be the first.</summary>
    private SocketError ReceiveOrWaitFirst(out int count)
    {
        if (_start != _end || !Socket.IsToWaitFirst())
            return Receive(out count);
        Release();
        count = 0;
        return SocketError.WouldBlock;
    }

    /// <summary>Starts to wait, for the network or for its turn. False: that has ended at once. True: <see cref="GoOn"/> may run on another thread by now.</summary>
    private bool IsWaiting(uint epoch)
    {
        if (_foundAtOnce >= FairTurn.TriesMax)
        {
            _foundAtOnce = 0;
            _wait.End(SocketWaitOutcome.Ready);
            Socket.DispatchCore(this);
            return true;
        }

        connection.ReaderWaits();
        if (Socket.StartWaitCore(this, SocketEvents.Readable, epoch) is { } outcome)
            return outcome == SocketWaitOutcome.Waiting;
        ValueTask<bool> wait = Socket.WaitCoreAsync(SocketEvents.Readable, epoch, timeout: null, _wait.Token);
        _wait.End(SocketWaitOutcome.Ready);
        if (wait.IsCompletedSuccessfully)
            return false;
        _ = GoOnAfterAsync(wait);
        return true;
    }

    /// <summary>What the read waited for has come: it ends, or waits anew.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever is thrown, the read throws it.")]
    private void GoOn()
    {
        bool isCancelled;
        try
        {
            EndWait();
            while (!TryReadAtOnce(out isCancelled, out uint epoch))
            {
                if (IsWaiting(epoch))
                    return;
                EndWait();
            }
        }
        catch (Exception e)
        {
            Fail(e);
            return;
        }

        BeReady();
        _source.SetResult(isCancelled);
    }

    /// <summary>On a network that knows awaiting only.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever is thrown, the read throws it.")]
    private async Task GoOnAfterAsync(ValueTask<bool> wait)
    {
        try
        {
            await wait.ConfigureAwait(false);
        }
        catch (SocketException)
        {
            _wait.End(SocketWaitOutcome.Closed);
        }
        catch (Exception e)
        {
            Fail(e);
            return;
        }

        GoOn();
    }

    private void EndWait()
    {
        _wait.Token.ThrowIfCancellationRequested();
        if (_wait.Outcome == SocketWaitOutcome.Closed)
            throw connection.Failure(SocketError.OperationAborted, "receive from");
    }

    private void Fail(Exception e)
    {
        BeReady();
        _source.SetException(e);
    }

    /// <summary>The read has ended: whoever is resumed by that may begin the next.</summary>
    private void BeReady()
    {
        _wait.Token = default;
        Volatile.Write(ref _isWaiting, false);
    }
}
