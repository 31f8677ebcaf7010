using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;

namespace Sockeye;

/// <summary>The receiving half of a WebSocket over a pipe: payload out, pings answered, the peer's Close noted.</summary>
internal sealed class WebSocketReceiver(WebSocketConnection connection, PipeReader input, WebSocketSender sender)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebSocketDecoder? _decoder;
    private Exception? _failure;
    private int _reading;
    private volatile bool _isAborted;

    /// <summary>Done when the peer's Close came, or nothing more can come.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether the message that the last payload belonged to is text.</summary>
    public bool IsText => _decoder!.IsText;

    /// <summary>The status of the peer's Close frame; null before it came.</summary>
    public WebSocketCloseStatus? CloseStatus { get; private set; }

    public string? CloseReason { get; private set; }

    /// <summary>Whether the peer's Close is answered at once. A stream's goes on until its output is completed.</summary>
    public bool AnswersClose { get; set; } = true;

    /// <summary>Told when the peer is waited for and heard; null for none.</summary>
    public WebSocketKeepAlive? KeepAlive { get; set; }

    /// <summary>The handshake is done.</summary>
    public void Start(WebSocketDecoder decoder) => _decoder = decoder;

    /// <summary>The connection is aborted: every read throws this.</summary>
    public void Fail(Exception failure)
    {
        _failure = failure;
        _ended.TrySetResult();
    }

    /// <summary>Messages are passed through, not gathered: they may be of any size.</summary>
    public void PassThrough() => _decoder!.MessageSizeMax = long.MaxValue;

    /// <summary>Whoever reads; false while another does.</summary>
    public bool TryEnter() => Interlocked.Exchange(ref _reading, 1) == 0;

    public void Leave() => Volatile.Write(ref _reading, 0);

    /// <summary>
    /// Waits for payload and puts it behind what is in the buffer. <see cref="WebSocketEventKind.Close"/> is the end, and stays;
    /// <see cref="WebSocketEventKind.NeedsMore"/>: the wait was cancelled by the pipe's <see cref="PipeReader.CancelPendingRead"/>.
    /// </summary>
    public async ValueTask<WebSocketEventKind> ReadAsync(PayloadBuffer buffer, CancellationToken cancellationToken)
    {
        while (!IsAtEnd())
        {
            ReadResult result = default;
            try
            {
                // What is decoded but for want of room needs nothing from the network.
                if (!_decoder!.HasPending)
                    result = await WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                _ended.TrySetResult();
                throw;
            }

            WebSocketEventKind kind;
            try
            {
                kind = Take(result, buffer);
            }
            catch (WebSocketFailure e)
            {
                await connection.FailAsync(e).ConfigureAwait(false);
                throw _failure!;
            }

            if (kind != WebSocketEventKind.NeedsMore || result.IsCanceled)
                return kind;
        }

        return WebSocketEventKind.Close;
    }

    /// <summary>The same with what is there; <see cref="WebSocketEventKind.NeedsMore"/> if nothing is.</summary>
    public WebSocketEventKind TryRead(PayloadBuffer buffer)
    {
        while (!IsAtEnd())
        {
            ReadResult result = default;
            if (!_decoder!.HasPending && !input.TryRead(out result))
                return WebSocketEventKind.NeedsMore;
            try
            {
                WebSocketEventKind kind = Take(result, buffer);
                if (kind != WebSocketEventKind.NeedsMore || result.IsCanceled)
                    return kind;
            }
            catch (WebSocketFailure e)
            {
                _ = connection.FailAsync(e);
                throw _failure!;
            }
        }

        return WebSocketEventKind.Close;
    }

    /// <summary>Reads and drops until the end.</summary>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        if (!TryEnter())
        {
            // Somebody reads; the end will come to them.
            await _ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            PassThrough();
            PayloadBuffer dropped = new();
            while (await ReadAsync(dropped, cancellationToken).ConfigureAwait(false) != WebSocketEventKind.Close)
                dropped.Release();
            dropped.Release();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Reads and drops what is below, until the peer ends its side.</summary>
    public async ValueTask DrainBelowAsync(CancellationToken cancellationToken)
    {
        if (!TryEnter())
            return;
        ReadResult result;
        do
        {
            result = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            input.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);
    }

    private async ValueTask<ReadResult> WaitAsync(CancellationToken cancellationToken)
    {
        if (KeepAlive is not { } keepAlive)
            return await input.ReadAsync(cancellationToken).ConfigureAwait(false);
        bool hasHeard = false;
        keepAlive.BeginReading();
        try
        {
            ReadResult result = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            hasHeard = !result.IsCanceled;
            return result;
        }
        finally
        {
            keepAlive.EndReading(hasHeard);
        }
    }

    /// <summary>Nothing will come any more.</summary>
    public void End() => _ended.TrySetResult();

    /// <summary>Nothing will come any more, and that is no end in order: what is below says why.</summary>
    public void Abort()
    {
        _isAborted = true;
        End();
    }

    private bool IsAtEnd() => _failure is null ? CloseStatus is not null || (_ended.Task.IsCompleted && sender.IsClosed && !_isAborted) : throw _failure;

    /// <summary>Decodes what came, up to payload or the end.</summary>
    private WebSocketEventKind Take(in ReadResult result, PayloadBuffer buffer)
    {
        ReadOnlySequence<byte> bytes = result.Buffer;
        bool isPending = _decoder!.HasPending;
        WebSocketEventKind kind = WebSocketEventKind.NeedsMore;
        try
        {
            do
                kind = Decode(ref bytes, buffer);
            while (kind is WebSocketEventKind.Ping or WebSocketEventKind.Pong);
        }
        catch (WebSocketFailure e)
        {
            _failure = Explain(e);
            _ended.TrySetResult();
            throw;
        }
        finally
        {
            buffer.ReleaseIfEmpty();
            if (!isPending)
                input.AdvanceTo(bytes.Start, kind == WebSocketEventKind.NeedsMore ? bytes.End : bytes.Start);
        }

        if (kind == WebSocketEventKind.NeedsMore && result.IsCompleted)
            return EndWithoutClose();
        return kind;
    }

    /// <summary>What readers are thrown: with the peer's name, and too large a message as what it is.</summary>
    private ProtocolException Explain(WebSocketFailure failure)
    {
        string message = $"{connection.RemoteEndPoint}: {failure.Message}";
        return failure.Status == WebSocketCloseStatus.MessageTooBig
            ? new FrameTooLargeException(message, (int)_decoder!.MessageSizeMax)
            : new ProtocolException(message, failure);
    }

    private WebSocketEventKind Decode(ref ReadOnlySequence<byte> bytes, PayloadBuffer buffer)
    {
        WebSocketEventKind kind = _decoder!.Decode(ref bytes, buffer.GetRoom(bytes.Length), out int written);
        buffer.Commit(written);
        switch (kind)
        {
            case WebSocketEventKind.Ping:
                sender.PostPong(_decoder.ControlPayload);
                break;
            case WebSocketEventKind.Pong:
                connection.PongReceived?.Invoke(_decoder.ControlPayload.ToArray());
                break;
            case WebSocketEventKind.Close:
                (CloseStatus, CloseReason) = WebSocketCloseCodes.Parse(_decoder.ControlPayload);
                if (AnswersClose)
                    sender.PostClose(CloseStatus.Value);
                if (connection.IsServer)
                    sender.PostEnd();
                _ended.TrySetResult();
                break;
        }

        return kind;
    }

    /// <summary>The stream below ended first. After our own Close that is what hasty peers do; before it, something may be missing.</summary>
    private WebSocketEventKind EndWithoutClose()
    {
        if (!sender.IsClosed || _decoder!.IsWithinMessage)
        {
            _failure = new TruncatedStreamException(
                $"{connection.RemoteEndPoint} ended the connection without a Close frame: what came may be cut short (RFC 6455, 7.1.5: 1006).");
        }

        _ended.TrySetResult();
        return _failure is null ? WebSocketEventKind.Close : throw _failure;
    }
}
