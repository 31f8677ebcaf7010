using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Sockeye;

/// <summary>
/// What goes to the peer, encrypted on flushing, a record at a time. A cancelled flush ends between two records: one that was begun stays whole below, and
/// what was not begun stays here for the next flush.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle and token sources without a timer hold nothing to dispose.")]
[SuppressMessage("Design", "MA0064", Justification = "A lock of its own would cost 32 bytes a connection; nobody else locks a writer.")]
internal sealed class TlsOutput(TlsConnection connection, int bufferMax) : GatheringOutput
{
    /// <summary>What one record holds at most (RFC 8446, section 5.1).</summary>
    private const int RecordMax = 16 * 1024;

    private readonly SemaphoreSlim _sending = new(1, 1);
    private CancellationTokenSource _interrupt = new();
    private bool _ended;

    protected override int BufferMax => bufferMax;

    protected override bool IsCompleted { get; set; }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Enter();
        return await WriteAllAsync(default, cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        cancellationToken.ThrowIfCancellationRequested();
        Enter();
        return await WriteAllAsync(source, cancellationToken).ConfigureAwait(false);
    }

    public override void CancelPendingFlush() => Volatile.Read(ref _interrupt).Cancel();

    public override void Complete(Exception? exception = null)
    {
        if (IsCompleted)
            return;
        IsCompleted = true;
        if (exception is not null)
            connection.Abort(exception);
        else
            _ = FinishQuietlyAsync();
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (IsCompleted || exception is not null)
        {
            Complete(exception);
            return;
        }

        IsCompleted = true;
        await FinishAsync().ConfigureAwait(false);
    }

    /// <summary>Sends what is left, and that it was all: close_notify, and FIN below it.</summary>
    public async Task FinishAsync()
    {
        IsCompleted = true;
        FlushResult result;
        do
        {
            await _sending.WaitAsync().ConfigureAwait(false);
            result = await WriteAllAsync(default, CancellationToken.None).ConfigureAwait(false);
        }
        while (result.IsCanceled);

        await _sending.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_ended)
                return;
            _ended = true;
            await connection.ShutDownAsync().ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>For whom nobody waits: what fails here, the next read tells.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Nobody is left to tell.")]
    private async Task FinishQuietlyAsync()
    {
        try
        {
            await FinishAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The connection has failed, and says so to whoever reads it.
        }
    }

    /// <summary>A write begins: the only one, and not after a dispose, which has taken over what was written.</summary>
    private void Enter()
    {
        if (connection.IsDisposing)
            throw connection.TooLate();
        if (!_sending.Wait(0))
            throw WriterTurn.Misuse;
    }

    /// <summary>The write that was entered, to its end, which leaves it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> WriteAllAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        CancellationTokenSource interrupt = Volatile.Read(ref _interrupt);
        CancellationTokenRegistration byCaller = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), interrupt);
        try
        {
            await connection.HandshakeAsync(interrupt.Token).ConfigureAwait(false);
            interrupt.Token.ThrowIfCancellationRequested();
            source = Gather(source);
            await SendBufferedAsync(interrupt.Token).ConfigureAwait(false);
            while (source.Length > 0)
            {
                int length = Math.Min(source.Length, RecordMax);
                await connection.EncryptAsync(source[..length], interrupt.Token).ConfigureAwait(false);
                source = source[length..];
            }

            // What an earlier, cancelled flush has left below.
            await connection.FlushBelowAsync(interrupt.Token).ConfigureAwait(false);
            return default;
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            Keep(source.Span);
            cancellationToken.ThrowIfCancellationRequested();
            return new FlushResult(isCanceled: true, isCompleted: false);
        }
        finally
        {
            // A token that fires from here on must not be the next flush's interruption.
            await byCaller.DisposeAsync().ConfigureAwait(false);
            if (interrupt.IsCancellationRequested)
                Volatile.Write(ref _interrupt, new CancellationTokenSource());
            _sending.Release();
        }
    }

    /// <summary>What fits behind the buffered bytes into one record goes there: one record instead of two.</summary>
    private ReadOnlyMemory<byte> Gather(ReadOnlyMemory<byte> source)
    {
        if (Buffer.Length == 0 || Buffer.Length + source.Length > RecordMax)
            return source;
        Keep(source.Span);
        return default;
    }

    /// <summary>
    /// The buffer is taken out while it is sent: a dispose sends it too, beside a writer that may be writing into it, and so it does not go back to the pool either.
    /// </summary>
    private async ValueTask SendBufferedAsync(CancellationToken cancellationToken)
    {
        WriteBuffer taken;
        lock (this)
        {
            taken = Buffer;
            Buffer = default;
        }

        try
        {
            while (taken.Length > 0)
            {
                int length = Math.Min(taken.Length, RecordMax);
                await connection.EncryptAsync(taken.Memory[..length], cancellationToken).ConfigureAwait(false);
                taken.Consume(length);
            }
        }
        finally
        {
            PutBack(taken);
        }
    }

    private void PutBack(WriteBuffer taken)
    {
        lock (this)
        {
            if (taken.Length == 0)
            {
                taken.Release(toPool: !connection.IsDisposing);
                return;
            }

            WriteBuffer later = Buffer;
            Buffer = taken;
            Buffer.Append(later.Memory.Span);
            later.Release(toPool: false);
        }
    }
}
