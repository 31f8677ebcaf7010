using System.Buffers;
using System.IO.Pipelines;

namespace Sockeye;

/// <summary>The input of a connection that must shake hands first: the first read does so. Then all passes through.</summary>
internal sealed class HandshakeReader(Connection connection, PipeReader inner) : PipeReader
{
    private volatile bool _isReady;
    private volatile TaskCompletionSource? _waiting;
    private int _cancelRequested;

    /// <summary>The last read gave nothing of the inner reader's: there is nothing to advance there.</summary>
    private bool _gaveNothing;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _isReady ? inner.ReadAsync(cancellationToken) : ShakeAndReadAsync(cancellationToken);

    public override bool TryRead(out ReadResult result)
    {
        if (_isReady)
            return inner.TryRead(out result);
        result = default;
        ValueTask handshake = connection.HandshakeAsync();
        if (!handshake.IsCompletedSuccessfully)
        {
            // It goes on by itself; its failure is the next read's.
            _ = handshake.AsTask().Observed();
            return false;
        }

        _isReady = true;
        return inner.TryRead(out result);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (!_gaveNothing)
            inner.AdvanceTo(consumed, examined);
        _gaveNothing = false;
    }

    public override void CancelPendingRead()
    {
        // Said before it is asked whether the inner reader is in charge, as the reader puts it in charge before it looks: one of the two sees the other.
        Interlocked.Exchange(ref _cancelRequested, 1);
        if (!_isReady)
            _waiting?.TrySetResult();
        else if (TakeCancel())
            inner.CancelPendingRead();
    }

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private async ValueTask<ReadResult> ShakeAndReadAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting = cancelled;
        if (Volatile.Read(ref _cancelRequested) != 0)
            cancelled.TrySetResult();
        Task handshake = connection.HandshakeAsync(cancellationToken).AsTask();
        await Task.WhenAny(handshake, cancelled.Task).ConfigureAwait(false);
        _waiting = null;
        if (TakeCancel())
        {
            _ = handshake.Observed();
            return Nothing();
        }

        await handshake.ConfigureAwait(false);
        _isReady = true;
        return TakeCancel() ? Nothing() : await inner.ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    private ReadResult Nothing()
    {
        _gaveNothing = true;
        return new ReadResult(ReadOnlySequence<byte>.Empty, isCanceled: true, isCompleted: false);
    }

    private bool TakeCancel() => Interlocked.Exchange(ref _cancelRequested, 0) != 0;
}
