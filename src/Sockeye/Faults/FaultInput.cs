using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Sockeye;

/// <summary>
/// The reader of a wrapped connection. While bytes pass it is the one below; after a cut it is at its end; in silence it reads and drops what comes, and keeps
/// an end or a failure to itself until the other side has gone too.
/// </summary>
internal sealed class FaultInput(FaultedConnection connection, Connection inner, FaultLink link) : PipeReader
{
    private TaskCompletionSource? _cancelled;
    private bool _isOwnResult;
    private volatile bool _isCancelRequested;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (link.Phase == FaultPhase.Ended && connection.AbortReason is null)
            return new(OwnResult(isCompleted: true));
        ValueTask<ReadResult> read = inner.Input.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully && IsPlain ? new(Noted(read.Result)) : ReadAsync(read, cancellationToken);
    }

    public override bool TryRead(out ReadResult result)
    {
        ThrowIfAborted();
        if (link.Phase == FaultPhase.Ended)
        {
            result = OwnResult(isCompleted: true);
            return true;
        }

        if (!inner.Input.TryRead(out result))
            return false;
        if (link.Phase != FaultPhase.Silent)
        {
            Noted(result);
            return true;
        }

        // In silence nothing has come.
        inner.Input.AdvanceTo(result.Buffer.End);
        if (result.IsCompleted)
            link.Gone(connection);
        return false;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_isOwnResult)
            _isOwnResult = false;
        else
            inner.Input.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead()
    {
        _isCancelRequested = true;
        Volatile.Read(ref _cancelled)?.TrySetResult();
        inner.Input.CancelPendingRead();
    }

    public override void Complete(Exception? exception = null)
    {
        if (exception is not null)
            connection.Abort(exception);
        inner.Input.Complete();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadAsync(ValueTask<ReadResult> reading, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result;
            try
            {
                result = await reading.ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException && link.Phase == FaultPhase.Silent)
            {
                if (!await IsHeldToTheEndAsync(cancellationToken).ConfigureAwait(false))
                    return OwnResult(isCompleted: false);
                throw;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                link.Gone(connection);
                throw;
            }

            if (connection.AbortReason is not null)
            {
                inner.Input.AdvanceTo(result.Buffer.Start);
                ThrowIfAborted();
            }

            if (link.Phase is FaultPhase.Passing or FaultPhase.Reset)
                return Noted(result);
            inner.Input.AdvanceTo(result.Buffer.End);
            if (link.Phase == FaultPhase.Ended)
                return OwnResult(isCompleted: true);
            if (result.IsCanceled && _isCancelRequested)
                return OwnResult(isCompleted: false);
            if (result.IsCompleted)
                return OwnResult(await IsHeldToTheEndAsync(cancellationToken).ConfigureAwait(false));
            reading = inner.Input.ReadAsync(cancellationToken);
        }
    }

    private bool IsPlain => link.Phase == FaultPhase.Passing && connection.AbortReason is null;

    /// <summary>Waits until both sides have gone; false: the read was cancelled.</summary>
    private async ValueTask<bool> IsHeldToTheEndAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _cancelled, cancelled);
        link.Gone(connection);
        if (!_isCancelRequested)
            await Task.WhenAny(link.Released, cancelled.Task).WaitAsync(cancellationToken).ConfigureAwait(false);
        ThrowIfAborted();
        return link.Released.IsCompleted;
    }

    private ReadResult Noted(ReadResult result)
    {
        if (result.IsCompleted)
            link.Gone(connection);
        return result;
    }

    /// <summary>A result that nobody below is to be told was read.</summary>
    private ReadResult OwnResult(bool isCompleted)
    {
        _isOwnResult = true;
        if (!isCompleted)
            _isCancelRequested = false;
        return new ReadResult(ReadOnlySequence<byte>.Empty, isCanceled: !isCompleted, isCompleted);
    }

    private void ThrowIfAborted()
    {
        if (connection.AbortReason is { } reason)
            throw reason;
    }
}
