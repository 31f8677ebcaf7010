using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Sockeye;

/// <summary>
/// What the application writes. A connection that has failed takes all and says that nobody reads it any more (<see cref="FlushResult.IsCompleted"/>),
/// as ASP.NET Core expects it: reading says why.
/// </summary>
internal sealed class TransportOutput(PipeWriter inner, Resuming resuming) : PipeWriter
{
    private const int ScratchMin = 4 * 1024;

    private byte[] _scratch = [];
    private volatile bool _failed;
    private volatile bool _isFlushing;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _failed ? 0 : inner.UnflushedBytes;

    /// <summary>Whether something that was written has not gone.</summary>
    public bool HasUnsent => _isFlushing || UnflushedBytes > 0;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _failed ? Scratch(sizeHint) : inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        // After a failure nobody takes what is written; before it the memory was the inner writer's.
        if (!_failed || _scratch.Length == 0)
            inner.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        _failed ? Nobody : Check(inner.FlushAsync(cancellationToken));

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        _failed ? Nobody : Check(inner.WriteAsync(source, cancellationToken));

    public override void CancelPendingFlush()
    {
        resuming.Enter();
        inner.CancelPendingFlush();
        resuming.Leave();
    }

    public override void Complete(Exception? exception = null)
    {
        resuming.Enter();
        inner.Complete(exception);
        resuming.Leave();
    }

    private static ValueTask<FlushResult> Nobody => new(new FlushResult(isCanceled: false, isCompleted: true));

    private ValueTask<FlushResult> Check(ValueTask<FlushResult> flush) =>
        flush.IsCompletedSuccessfully ? new ValueTask<FlushResult>(flush.Result) : WaitAsync(flush);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> WaitAsync(ValueTask<FlushResult> flush)
    {
        FlushResult result;
        _isFlushing = true;
        try
        {
            result = await flush.ConfigureAwait(false);
        }
        catch (Exception e) when (ConnectionFailures.IsConnections(e))
        {
            _failed = true;
            result = new FlushResult(isCanceled: false, isCompleted: true);
        }
        finally
        {
            _isFlushing = false;
        }

        await new PoolTurn(resuming);
        return result;
    }

    private Memory<byte> Scratch(int sizeHint)
    {
        if (_scratch.Length < Math.Max(sizeHint, 1))
            _scratch = new byte[Math.Max(sizeHint, ScratchMin)];
        return _scratch;
    }
}
