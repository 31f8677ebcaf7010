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
/// Disposing may come from another thread while the writer flushes; both send what is left then, and the lock keeps them from sending the same twice.
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

    /// <summary>A write is under way whose rest is in its caller's memory.</summary>
    private bool _writing;

    /// <summary>Set as the connection is disposed: ends when the write under way does.</summary>
    private TaskCompletionSource? _written;

    /// <summary>The connection is being disposed: a writer on another thread may still write into the buffer, so it does not go back.</summary>
    private bool _disposing;

    private int _cancelRequested;
    private Task<bool>? _finishing;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _end - _start;

    /// <summary>Whether something that was written has not gone.</summary>
    public bool HasUnsent => _end > _start || _writing;

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
        while (true)
        {
            if (TakeCancel())
                return new FlushResult(isCanceled: true, isCompleted: false);
            SocketError error = SendBuffered();
            if (error == SocketError.Success)
                return default;
            if (error != SocketError.WouldBlock)
                throw connection.Failure(error, "send to");
            try
            {
                await socket.WaitCoreAsync(SocketEvents.Writable, timeout: null, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                throw connection.Failure(SocketError.OperationAborted, "send to");
            }
        }
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        SocketError error = BeginWrite(ref source);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
            return ValueTask.FromException<FlushResult>(connection.Failure(error, "send to"));
        if (_writing)
            return WriteRestAsync(source, cancellationToken);
        if (_end > _start)
            return FlushAsync(cancellationToken);
        return TakeCancel() ? new(new FlushResult(isCanceled: true, isCompleted: false)) : default;
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
        lock (this)
        {
            _completed = _disposing = true;
            if (_writing)
                _written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (_written is { } written && !await EndsAsync(written.Task, deadline).ConfigureAwait(false))
            return false;
        if (_finishing is { } finishing)
            return await EndsAsync(finishing, deadline).ConfigureAwait(false) && await finishing.ConfigureAwait(false);
        return await FlushAndShutDownAsync(deadline).ConfigureAwait(false);
    }

    /// <summary>Whether <paramref name="task"/> ends well before the deadline.</summary>
    private async ValueTask<bool> EndsAsync(Task task, SocketDeadline deadline)
    {
        await task.WaitAsync(deadline.Remaining ?? System.Threading.Timeout.InfiniteTimeSpan, socket.Network.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompletedSuccessfully;
    }

    /// <summary>
    /// Sends what can go at once. What cannot is kept, or with <see cref="_writing"/> set is left in <paramref name="source"/>.
    /// </summary>
    private SocketError BeginWrite(ref ReadOnlyMemory<byte> source)
    {
        lock (this)
        {
            ThrowIfCompleted();
            if (source.Length == 0)
                return SocketError.Success;
            if (_end == _start)
            {
                // With nothing before it the network takes the bytes from where they are: most writes end here.
                SocketError error = SendDirectly(ref source);
                _writing = error == SocketError.WouldBlock;
                return error;
            }

            // A prefix and its frame leave together.
            if (_end - _start + (long)source.Length > Math.Min(bufferMax, GatherMax))
                _writing = true;
            else
                Keep(source.Span);
            return SocketError.Success;
        }
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
                if (TakeCancel())
                {
                    Keep(source.Span);
                    return new FlushResult(isCanceled: true, isCompleted: false);
                }

                SocketError error = SendBuffered();
                if (error == SocketError.Success)
                    error = SendDirectly(ref source);
                if (error == SocketError.Success)
                    return default;
                if (error != SocketError.WouldBlock)
                    throw connection.Failure(error, "send to");
                await socket.WaitCoreAsync(SocketEvents.Writable, timeout: null, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Keep(source.Span);
            throw;
        }
        catch (SocketException) when (socket.IsClosed)
        {
            throw connection.Failure(SocketError.OperationAborted, "send to");
        }
        finally
        {
            EndWrite();
        }
    }

    private void EndWrite()
    {
        lock (this)
        {
            _writing = false;
            _written?.TrySetResult();
        }
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
        while ((error = SendBuffered()) == SocketError.WouldBlock)
        {
            try
            {
                if (!await socket.WaitCoreAsync(SocketEvents.Writable, deadline.Remaining, CancellationToken.None).ConfigureAwait(false))
                    return false;
            }
            catch (SocketException)
            {
                return false;
            }
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
