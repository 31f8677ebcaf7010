using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Sockeye;

/// <summary>A stream of bytes sent as messages: each flush is one, in frames that pass whole or stay for the next flush.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore's handle is never asked for, so there is nothing to dispose.")]
internal sealed class WebSocketOutput(WebSocketConnection connection, WebSocketSender sender, PipeWriter below, bool isText, int bufferMax) : PipeWriter
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private ArrayBufferWriter<byte> _buffer = new();
    private int _start;
    private bool _completed;
    private bool _isOpenMessage;
    private bool _restIsBelow;
    private bool _isClosing;
    private int _cancelRequested;
    private Task? _finishing;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes
    {
        get
        {
            lock (_lock)
                return _buffer.WrittenCount - _start;
        }
    }

    private WebSocketMessageType Type => isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ThrowIfCompleted();
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        lock (_lock)
        {
            Memory<byte> room = _buffer.GetMemory(sizeHint);
            int left = bufferMax - (_buffer.WrittenCount - _start);
            if (left <= 0 || left < sizeHint)
            {
                throw new InvalidOperationException(
                    $"{_buffer.WrittenCount - _start} bytes are written and not flushed; {nameof(StreamOptions.OutputBufferMax)} is {bufferMax}: flush from time to time.");
            }

            return room.Length > left ? room[..left] : room;
        }
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        lock (_lock)
        {
            if (bytes < 0 || bytes > _buffer.FreeCapacity)
                throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "More than the memory that was got.");
            _buffer.Advance(bytes);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => WriteAsync(default, cancellationToken);

    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (!source.IsEmpty)
            ThrowIfCompleted();
        cancellationToken.ThrowIfCancellationRequested();
        EnterSending();
        try
        {
            if (!connection.IsOpen)
                await connection.HandshakeAsync(cancellationToken).ConfigureAwait(false);
            FlushResult result = await SendBufferedAsync(endOfMessage: source.IsEmpty, cancellationToken).ConfigureAwait(false);
            return result.IsCanceled ? result : await SendFromAsync(source, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }

        // Frames straight from the caller's memory; what is not in one when it is cancelled stays for the next flush.
        async ValueTask<FlushResult> SendFromAsync(ReadOnlyMemory<byte> rest, CancellationToken stop)
        {
            try
            {
                FlushResult result = default;
                while (!rest.IsEmpty && !result.IsCanceled)
                {
                    int length = Math.Min(rest.Length, sender.FramePayloadLength);
                    result = await SendFrameAsync(rest[..length], length == rest.Length, count => rest = rest[count..], stop).ConfigureAwait(false);
                }

                return result;
            }
            finally
            {
                Keep(rest.Span);
            }
        }
    }

    public override void CancelPendingFlush()
    {
        Volatile.Write(ref _cancelRequested, 1);
        below.CancelPendingFlush();
    }

    public override void Complete(Exception? exception = null)
    {
        if (_completed)
            return;
        _completed = true;
        if (exception is not null)
            connection.Abort(exception);
        else
            _finishing = FinishQuietlyAsync();
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (exception is not null)
        {
            Complete(exception);
            return;
        }

        if (!_completed)
        {
            _completed = true;
            await FinishAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Sends what is left and the Close frame; a write under way goes first, and no other begins.</summary>
    public async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        if (_finishing is { } finishing)
            await finishing.WaitAsync(cancellationToken).ConfigureAwait(false);
        _isClosing = true;
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!connection.IsOpen)
                await connection.HandshakeAsync(cancellationToken).ConfigureAwait(false);
            if (!sender.IsClosed)
                await SendBufferedAsync(endOfMessage: true, cancellationToken).ConfigureAwait(false);
            await sender.CloseAsync(WebSocketCloseStatus.NormalClosure, "", cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Nobody awaits it: the reader meets the same failure.")]
    private async Task FinishQuietlyAsync()
    {
        try
        {
            await FinishAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // See above.
        }
    }

    private async ValueTask<FlushResult> SendBufferedAsync(bool endOfMessage, CancellationToken cancellationToken)
    {
        FlushResult result = default;
        if (_restIsBelow)
        {
            result = await sender.FlushRestAsync(cancellationToken).ConfigureAwait(false);
            _restIsBelow = result.IsCanceled;
        }

        while (!result.IsCanceled)
        {
            ReadOnlyMemory<byte> unsent = Unsent();
            if (unsent.IsEmpty && !(endOfMessage && _isOpenMessage && !isText))
                break;
            ReadOnlyMemory<byte> piece = unsent[..Math.Min(unsent.Length, sender.FramePayloadLength)];
            result = await SendFrameAsync(piece, endOfMessage && piece.Length == unsent.Length, Sent, cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    private async ValueTask<FlushResult> SendFrameAsync(ReadOnlyMemory<byte> bytes, bool endOfMessage, Action<int> written, CancellationToken cancellationToken)
    {
        if (TakeCancel())
            return new FlushResult(isCanceled: true, isCompleted: false);
        FlushResult result = default;
        try
        {
            result = await sender.SendFrameAsync(Type, bytes, endOfMessage, TakeCancel, Written, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _restIsBelow = true;
            throw;
        }

        TakeCancel();
        _restIsBelow = result.IsCanceled;
        return result;

        void Written(int count)
        {
            _isOpenMessage = !endOfMessage;
            written(count);
        }
    }

    private ReadOnlyMemory<byte> Unsent()
    {
        lock (_lock)
            return _buffer.WrittenMemory[_start..];
    }

    private void Sent(int count)
    {
        lock (_lock)
        {
            _start += count;
            if (_start == _buffer.WrittenCount)
            {
                // What one long write needed is not kept for ever.
                _start = 0;
                _buffer.ResetWrittenCount();
                if (_buffer.Capacity > WebSocketSender.FramePayloadMax)
                    _buffer = new ArrayBufferWriter<byte>();
            }
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
            _buffer.Write(bytes);
    }

    private void EnterSending()
    {
        if (!_isClosing && _sending.Wait(0))
            return;
        throw _isClosing
            ? SocketErrors.Create(SocketError.OperationAborted, "send to", $"{connection.RemoteEndPoint}")
            : WriterTurn.Misuse;
    }

    private bool TakeCancel() => Volatile.Read(ref _cancelRequested) != 0 && Interlocked.Exchange(ref _cancelRequested, 0) != 0;

    private void ThrowIfCompleted()
    {
        if (_completed)
            throw new InvalidOperationException("This writer is completed: nothing more can be written.");
    }
}
