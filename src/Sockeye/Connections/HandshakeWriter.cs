using System.IO.Pipelines;

namespace Sockeye;

/// <summary>The output of a connection that must shake hands first: the first flush does so. Then all passes through.</summary>
internal sealed class HandshakeWriter(Connection connection, PipeWriter inner) : PipeWriter
{
    private volatile bool _isReady;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override void Advance(int bytes) => inner.Advance(bytes);

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        await ShakeAsync(cancellationToken).ConfigureAwait(false);
        return await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        await ShakeAsync(cancellationToken).ConfigureAwait(false);
        return await inner.WriteAsync(source, cancellationToken).ConfigureAwait(false);
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private async ValueTask ShakeAsync(CancellationToken cancellationToken)
    {
        if (_isReady)
            return;
        await connection.HandshakeAsync(cancellationToken).ConfigureAwait(false);
        _isReady = true;
    }
}
