using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Sockeye;

/// <summary>
/// Writes to a socket as a pipe. Bytes gather in one buffer from the pool until a flush, which tries the socket at once
/// and waits only while the network takes no more.
/// </summary>
/// <remarks>
/// Disposing may come from another thread between a writer's calls, and sends what is buffered then: the lock keeps the two from sending the same twice.
/// </remarks>
[SuppressMessage("Design", "MA0064", Justification = "A lock of its own would cost 32 bytes a connection; nobody else locks a writer.")]
internal sealed class SocketOutput(SocketConnection connection, NetworkSocket socket, int bufferMax) : PipeWriter
{
    private const int BufferMin = 4 * 1024;

    /// <summary>Up to here copying what was written behind what is buffered costs less than a second send.</summary>
    private const int GatherMax = 64 * 1024;

    private byte[]? _buffer;
    private int _start;
    private int _end;
    private bool _completed;
    private bool _shutDown;

    /// <summary>The connection is being disposed: a writer on another thread may still write into the buffer, so it does not go back.</summary>
    private volatile bool _disposing;

    private int _cancelRequested;
    private int _sending;
    private TaskCompletionSource? _lastSend;
    private Task? _finishing;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _end - _start;

    /// <summary>Whether something that was written has not gone.</summary>
    public bool HasUnsent => _end > _start || Volatile.Read(ref _sending) != 0;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        lock (this)
        {
            MakeRoom(sizeHint);
            return _buffer.AsMemory(_end);
        }
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        lock (this)
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
        EnterSending();
        try
        {
            while (true)
            {
                uint epoch = socket.EpochCore(SocketEvents.Writable);
                if (TakeCancel())
                    return new FlushResult(isCanceled: true, isCompleted: false);
                SocketError error = SendBuffered();
                if (error == SocketError.Success)
                    return default;
                if (error != SocketError.WouldBlock)
                    throw connection.Failure(error, "send to");
                try
                {
                    await socket.WaitCoreAsync(SocketEvents.Writable, epoch, timeout: null, cancellationToken).ConfigureAwait(false);
                }
                catch (SocketException)
                {
                    throw connection.Failure(SocketError.OperationAborted, "send to");
                }
            }
        }
        finally
        {
            LeaveSending();
        }
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);

        // From here to its end this is the write under way, also where it has to wait: a dispose must not come in between.
        EnterSending();
        SocketError error;
        try
        {
            error = SendNow(ref source);
        }
        catch
        {
            LeaveSending();
            throw;
        }

        if (error == SocketError.WouldBlock)
            return WriteRestAsync(source, cancellationToken);
        LeaveSending();
        if (error != SocketError.Success)
            return ValueTask.FromException<FlushResult>(connection.Failure(error, "send to"));
        return TakeCancel() ? new(new FlushResult(isCanceled: true, isCompleted: false)) : default;
    }

    /// <summary>Writes and flushes on this thread, which waits in the network's plain wait.</summary>
    public void WritePlain(ReadOnlyMemory<byte> source)
    {
        if (source.Length > 0)
            ThrowIfCompleted();
        EnterSending();
        try
        {
            while (!TakeCancel())
            {
                SocketError error = SendNow(ref source);
                if (error == SocketError.Success)
                    return;
                if (error != SocketError.WouldBlock)
                    throw connection.Failure(error, "send to");
                socket.WaitCore(SocketEvents.Writable, timeout: null);
            }

            Keep(source.Span);
        }
        finally
        {
            LeaveSending();
        }
    }

    public override void CancelPendingFlush()
    {
        Volatile.Write(ref _cancelRequested, 1);
        socket.SignalCore(SocketEvents.Writable);
    }

    public override void Complete(Exception? exception = null)
    {
        if (_completed)
            return;
        _completed = true;
        if (exception is not null)
            connection.Abort(exception);
        else if (SendBuffered() == SocketError.WouldBlock)
            _finishing = FlushAndShutDownAsync(new SocketDeadline(null, socket.Network.TimeProvider));
        else
            ShutDown();
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (exception is null && !_completed && _end > _start)
            await FlushAsync().ConfigureAwait(false);
        Complete(exception);
    }

    /// <summary>The connection gives its socket away: nothing more is written by it.</summary>
    public void Detach()
    {
        lock (this)
            _completed = _shutDown = true;
    }

    /// <summary>Sends what is left and FIN, as the connection is disposed; false: not all went before the deadline.</summary>
    public async ValueTask<bool> FinishAsync(SocketDeadline deadline)
    {
        _completed = _disposing = true;
        if (_finishing is null)
            return await LastSendAsync(deadline).ConfigureAwait(false) && await SendLastAsync(deadline).ConfigureAwait(false);
        if (deadline.Remaining is { } remaining)
            await _finishing.WaitAsync(remaining, socket.Network.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _finishing.IsCompletedSuccessfully;
    }

    /// <summary>
    /// A flush or write that is under way as the connection is disposed goes first: its bytes come before the end. Then no other begins: two that
    /// wait for the network would take each other's signal.
    /// </summary>
    private async ValueTask<bool> LastSendAsync(SocketDeadline deadline)
    {
        while (Interlocked.CompareExchange(ref _sending, 1, 0) != 0)
        {
            TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _lastSend, sent);
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref _sending) == 0)
                continue;
            Task waiting = deadline.Remaining is { } remaining ? sent.Task.WaitAsync(remaining, socket.Network.TimeProvider) : sent.Task;
            await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!waiting.IsCompletedSuccessfully)
                return false;
        }

        return true;
    }

    private async ValueTask<bool> SendLastAsync(SocketDeadline deadline)
    {
        try
        {
            return await FlushAndShutDownAsync(deadline).ConfigureAwait(false);
        }
        finally
        {
            LeaveSending();
        }
    }

    private void EnterSending()
    {
        if (!_disposing && Interlocked.Exchange(ref _sending, 1) == 0)
            return;
        throw _disposing
            ? connection.Failure(SocketError.OperationAborted, "send to")
            : new InvalidOperationException("A flush or write is under way on this connection: one writer at a time, await the last before the next.");
    }

    private void LeaveSending()
    {
        Interlocked.Exchange(ref _sending, 0);
        Volatile.Read(ref _lastSend)?.TrySetResult();
    }

    /// <summary>
    /// Sends what is buffered and then <paramref name="source"/>, out of the caller's memory for as long as it waits. Cancelled, it keeps
    /// what was not sent, so that nothing is lost and nothing sent twice.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> WriteRestAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                uint epoch = socket.EpochCore(SocketEvents.Writable);
                if (TakeCancel())
                {
                    Keep(source.Span);
                    return new FlushResult(isCanceled: true, isCompleted: false);
                }

                SocketError error = SendNow(ref source);
                if (error == SocketError.Success)
                    return default;
                if (error != SocketError.WouldBlock)
                    throw connection.Failure(error, "send to");
                try
                {
                    await socket.WaitCoreAsync(SocketEvents.Writable, epoch, timeout: null, cancellationToken).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    Keep(source.Span);
                    throw;
                }
                catch (SocketException)
                {
                    throw connection.Failure(SocketError.OperationAborted, "send to");
                }
            }
        }
        finally
        {
            LeaveSending();
        }
    }

    /// <summary>Sends what can go at once: what is buffered, then <paramref name="source"/>, of which it leaves the rest.</summary>
    private SocketError SendNow(ref ReadOnlyMemory<byte> source)
    {
        // A prefix and its frame leave together.
        if (_end > _start && _end - _start + (long)source.Length <= Math.Min(bufferMax, GatherMax))
        {
            Keep(source.Span);
            source = default;
        }

        // With nothing before it the network takes the bytes from where they are: most writes end here.
        SocketError error = SendBuffered();
        return error == SocketError.Success ? SendDirectly(ref source) : error;
    }

    private SocketError SendDirectly(ref ReadOnlyMemory<byte> source)
    {
        while (source.Length > 0)
        {
            if (socket.IsClosed)
                return SocketError.OperationAborted;
            SocketError error = socket.SendOnce(source.Span, SocketFlags.None, out int count);
            if (error != SocketError.Success)
                return error;
            source = source[count..];
        }

        return SocketError.Success;
    }

    private async Task<bool> FlushAndShutDownAsync(SocketDeadline deadline)
    {
        SocketError error;
        uint epoch = socket.EpochCore(SocketEvents.Writable);
        while ((error = SendBuffered()) == SocketError.WouldBlock)
        {
            try
            {
                if (!await socket.WaitCoreAsync(SocketEvents.Writable, epoch, deadline.Remaining, CancellationToken.None).ConfigureAwait(false))
                    return false;
            }
            catch (SocketException)
            {
                return false;
            }

            epoch = socket.EpochCore(SocketEvents.Writable);
        }

        return error == SocketError.Success && ShutDown();
    }

    private SocketError SendBuffered()
    {
        lock (this)
        {
            while (_end > _start)
            {
                if (socket.IsClosed)
                    return SocketError.OperationAborted;
                SocketError error = socket.SendOnce(_buffer.AsSpan(_start, _end - _start), SocketFlags.None, out int count);
                if (error != SocketError.Success)
                    return error;
                _start += count;
            }

            if (_buffer is { } buffer && !_disposing)
                ArrayPool<byte>.Shared.Return(buffer);
            _buffer = null;
            _start = _end = 0;
            return SocketError.Success;
        }
    }

    /// <summary>Sends FIN. A peer that has gone already makes that an error of no interest.</summary>
    private bool ShutDown()
    {
        if (_shutDown)
            return true;
        _shutDown = true;
        if (socket.IsClosed)
            return false;
        try
        {
            socket.ShutdownTaken(SocketShutdown.Send);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private void MakeRoom(int sizeHint)
    {
        ThrowIfCompleted();
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        sizeHint = Math.Max(sizeHint, 1);
        if (_buffer is not null && _buffer.Length - _end >= sizeHint)
            return;
        int length = _end - _start;
        if (length + (long)sizeHint > bufferMax)
            throw new InvalidOperationException($"{length} bytes are written and not flushed, {sizeHint} more are asked for; OutputBufferMax is {bufferMax}: flush in between.");
        Grow(sizeHint);
    }

    /// <summary>The rest of a write that was cancelled: the caller asked for a flush, so OutputBufferMax is not meant.</summary>
    private void Keep(ReadOnlySpan<byte> rest)
    {
        lock (this)
        {
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

    private bool TakeCancel() => Volatile.Read(ref _cancelRequested) != 0 && Interlocked.Exchange(ref _cancelRequested, 0) != 0;

    private void ThrowIfCompleted()
    {
        if (_completed)
            throw new InvalidOperationException("This writer is completed: nothing more can be written.");
    }
}
