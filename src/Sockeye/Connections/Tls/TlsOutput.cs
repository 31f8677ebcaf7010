using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Sockeye;

/// <summary>
/// What goes to the peer, encrypted on flushing, a record at a time. A cancelled flush ends between two records: one that was begun stays whole below, and
/// what was not begun stays here for the next flush.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle and token sources without a timer hold nothing to dispose.")]
internal sealed class TlsOutput(TlsConnection connection, int bufferMax) : PipeWriter
{
    /// <summary>What one record holds at most (RFC 8446, section 5.1).</summary>
    private const int RecordMax = 16 * 1024;

    private const int BufferMin = 4 * 1024;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private CancellationTokenSource _interrupt = new();
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private bool _completed;
    private bool _ended;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _end - _start;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        lock (_lock)
        {
            ThrowIfCompleted();
            ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
            sizeHint = Math.Max(sizeHint, 1);
            int length = _end - _start;
            if ((_buffer?.Length ?? 0) - _end < sizeHint)
            {
                if (length + (long)sizeHint > bufferMax)
                    throw new InvalidOperationException($"{length} bytes are written and not flushed, {sizeHint} more are asked for; OutputBufferMax is {bufferMax}: flush in between.");
                Grow(sizeHint);
            }

            return _buffer.AsMemory(_end);
        }
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        lock (_lock)
        {
            if (bytes < 0 || bytes > (_buffer?.Length ?? 0) - _end)
                throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "More than the memory that was got.");
            _end += bytes;
        }
    }

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
        if (_completed)
            return;
        _completed = true;
        if (exception is not null)
            connection.Abort(exception);
        else
            _ = FinishQuietlyAsync();
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (_completed || exception is not null)
        {
            Complete(exception);
            return;
        }

        _completed = true;
        await FinishAsync().ConfigureAwait(false);
    }

    /// <summary>Sends what is left, and that it was all: close_notify, and FIN below it.</summary>
    public async Task FinishAsync()
    {
        _completed = true;
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
            throw new InvalidOperationException("A flush or write is under way on this connection: one writer at a time, await the last before the next.");
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
        if (_end == _start || _end - _start + source.Length > RecordMax)
            return source;
        Keep(source.Span);
        return default;
    }

    /// <summary>
    /// The buffer is taken out while it is sent: a dispose sends it too, beside a writer that may be writing into it, and so it does not go back to the pool either.
    /// </summary>
    private async ValueTask SendBufferedAsync(CancellationToken cancellationToken)
    {
        byte[]? buffer;
        int start, end;
        lock (_lock)
        {
            (buffer, start, end) = (_buffer, _start, _end);
            (_buffer, _start, _end) = (null, 0, 0);
        }

        try
        {
            while (start < end)
            {
                int length = Math.Min(end - start, RecordMax);
                await connection.EncryptAsync(buffer.AsMemory(start, length), cancellationToken).ConfigureAwait(false);
                start += length;
            }
        }
        finally
        {
            PutBack(buffer, start, end);
        }
    }

    private void PutBack(byte[]? buffer, int start, int end)
    {
        lock (_lock)
        {
            if (start == end)
            {
                if (buffer is not null && !connection.IsDisposing)
                    ArrayPool<byte>.Shared.Return(buffer);
                return;
            }

            byte[]? later = _buffer;
            int laterStart = _start, laterEnd = _end;
            (_buffer, _start, _end) = (buffer, start, end);
            if (later is not null)
                Keep(later.AsSpan(laterStart, laterEnd - laterStart));
        }
    }

    /// <summary>The rest of a write that was cancelled: the caller asked for a flush, so OutputBufferMax is not meant.</summary>
    private void Keep(ReadOnlySpan<byte> rest)
    {
        lock (_lock)
        {
            if (rest.Length == 0)
                return;
            if ((_buffer?.Length ?? 0) - _end < rest.Length)
                Grow(rest.Length);
            rest.CopyTo(_buffer.AsSpan(_end));
            _end += rest.Length;
        }
    }

    private void Grow(int sizeHint)
    {
        int length = _end - _start;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(BufferMin, Math.Max(length + sizeHint, length * 2)));
        if (_buffer is { } old)
        {
            old.AsSpan(_start, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(old);
        }

        _buffer = larger;
        _start = 0;
        _end = length;
    }

    private void ThrowIfCompleted()
    {
        if (_completed)
            throw new InvalidOperationException("This writer is completed: nothing more can be written.");
    }
}
