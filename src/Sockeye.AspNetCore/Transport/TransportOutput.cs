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
    private int _underWay;
    private TaskCompletionSource? _allEnded;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _failed ? 0 : inner.UnflushedBytes;

    /// <summary>Whether something that was written has not gone.</summary>
    public bool HasUnsent => IsUnderWay || UnflushedBytes > 0;

    /// <summary>A flush or write: the latter reads the caller's memory as long.</summary>
    private bool IsUnderWay => Volatile.Read(ref _underWay) > 0;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _failed ? Scratch(sizeHint) : inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        // After a failure nobody takes what is written; before it the memory was the inner writer's.
        if (!_failed || _scratch.Length == 0)
            inner.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => Send(source: null, cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) => Send(source, cancellationToken);

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

    /// <summary>When no flush or write is under way any more. For one to ask, once no other can begin.</summary>
    public Task AllEnded()
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _allEnded, ended);
        Interlocked.MemoryBarrier();
        return IsUnderWay ? ended.Task : Task.CompletedTask;
    }

    /// <summary>Writes and flushes; null only flushes.</summary>
    private ValueTask<FlushResult> Send(ReadOnlyMemory<byte>? source, CancellationToken cancellationToken)
    {
        if (_failed)
            return Nobody;
        Interlocked.Increment(ref _underWay);
        ValueTask<FlushResult> sending;
        try
        {
            sending = source is { } bytes ? inner.WriteAsync(bytes, cancellationToken) : inner.FlushAsync(cancellationToken);
        }
        catch
        {
            Leave();
            throw;
        }

        if (!sending.IsCompletedSuccessfully)
            return WaitAsync(sending);
        Leave();
        return new ValueTask<FlushResult>(sending.Result);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> WaitAsync(ValueTask<FlushResult> sending)
    {
        FlushResult result;
        try
        {
            result = await sending.ConfigureAwait(false);
        }
        catch (Exception e) when (ConnectionFailures.IsConnections(e))
        {
            _failed = true;
            result = new FlushResult(isCanceled: false, isCompleted: true);
        }
        finally
        {
            Leave();
        }

        await new PoolTurn(resuming);
        return result;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _underWay) == 0)
            Volatile.Read(ref _allEnded)?.TrySetResult();
    }

    private Memory<byte> Scratch(int sizeHint)
    {
        if (_scratch.Length < Math.Max(sizeHint, 1))
            _scratch = new byte[Math.Max(sizeHint, ScratchMin)];
        return _scratch;
    }
}
