using System.IO.Pipelines;

namespace Sockeye;

/// <summary>The writer of a wrapped connection: straight to the connection below while nothing is to go wrong, else into the queue of its direction.</summary>
internal sealed class FaultOutput(FaultedConnection connection, Connection inner, FaultFlow flow) : GatheringOutput
{
    private int _cancelRequested;

    protected override int BufferMax => StreamOptions.OutputBufferMaxDefault;

    protected override bool IsCompleted { get; set; }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        if (UnflushedBytes > 0 || !flow.TryPassStraight(source.Length))
            return QueueAsync(source, cancellationToken);
        return PassStraight(source, cancellationToken);
    }

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ReadOnlyMemory<byte> gathered = TakeGathered();
        if (!flow.TryPassStraight(gathered.Length))
            return await QueueAsync(gathered, cancellationToken).ConfigureAwait(false);
        return await PassStraight(gathered, cancellationToken).ConfigureAwait(false);
    }

    public override void CancelPendingFlush()
    {
        if (flow.IsPassingStraight)
        {
            inner.Output.CancelPendingFlush();
            return;
        }

        Volatile.Write(ref _cancelRequested, 1);
        flow.Signal();
    }

    public override void Complete(Exception? exception = null)
    {
        if (IsCompleted)
            return;
        IsCompleted = true;
        if (exception is not null)
            connection.Abort(exception);
        else if (UnflushedBytes == 0 && flow.TryEndStraight())
            inner.Output.Complete();
        else
            End();
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (exception is null && !IsCompleted && UnflushedBytes > 0)
            await FlushAsync().ConfigureAwait(false);
        if (IsCompleted || exception is not null || !flow.TryEndStraight())
        {
            Complete(exception);
            if (exception is null)
                await flow.EmptyAsync().ConfigureAwait(false);
            return;
        }

        IsCompleted = true;
        await inner.Output.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>What was written, and the end, go into the queue, as the connection is disposed of; false: they go by themselves.</summary>
    public bool TryEndQueued()
    {
        bool wasCompleted = IsCompleted;
        IsCompleted = true;
        if (!wasCompleted && UnflushedBytes == 0 && flow.TryEndStraight())
            return false;
        End();
        return true;
    }

    private void End()
    {
        ReadOnlyMemory<byte> gathered = TakeGathered();
        try
        {
            if (gathered.Length > 0)
                _ = flow.Take(ref gathered);
        }
        catch (Exception)
        {
            // It failed before: whoever writes or waits is told, and here nobody does.
        }

        flow.End();
    }

    private ValueTask<FlushResult> PassStraight(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ValueTask<FlushResult> writing;
        try
        {
            writing = bytes.Length > 0 ? inner.Output.WriteAsync(bytes, cancellationToken) : inner.Output.FlushAsync(cancellationToken);
        }
        catch
        {
            flow.PassedStraight(failed: bytes.Length);
            throw;
        }

        if (!writing.IsCompletedSuccessfully)
            return PassedStraightAsync(writing, bytes.Length);
        flow.PassedStraight();
        return writing;
    }

    private async ValueTask<FlushResult> PassedStraightAsync(ValueTask<FlushResult> writing, int length)
    {
        int failed = length;
        try
        {
            FlushResult result = await writing.ConfigureAwait(false);
            failed = 0;
            return result;
        }
        finally
        {
            flow.PassedStraight(failed);
        }
    }

    /// <summary>Cancelled, it keeps what was not taken for the next flush.</summary>
    private async ValueTask<FlushResult> QueueAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        if (UnflushedBytes > 0)
        {
            Keep(source.Span);
            source = TakeGathered();
        }

        try
        {
            while (source.Length > 0 && !TakeCancel())
            {
                Task room = flow.Take(ref source);
                if (source.Length > 0)
                    await room.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            Keep(source.Span);
            throw;
        }

        if (source.Length > 0)
        {
            Keep(source.Span);
            return new FlushResult(isCanceled: true, isCompleted: false);
        }

        // Where nothing is held back by itself, a slow side slows the writer, as without faults.
        if (!flow.Holds)
            await flow.EmptyAsync(cancellationToken).ConfigureAwait(false);
        return default;
    }

    private ReadOnlyMemory<byte> TakeGathered()
    {
        lock (this)
        {
            if (Buffer.Length == 0)
                return default;
            byte[] gathered = Buffer.Memory.ToArray();
            Buffer.Release(toPool: true);
            return gathered;
        }
    }

    private bool TakeCancel() => Volatile.Read(ref _cancelRequested) != 0 && Interlocked.Exchange(ref _cancelRequested, 0) != 0;
}
