using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Sockeye;

/// <summary>
/// The sending half of a WebSocket over a pipe. Several write: whoever sends messages, the reader that answers pings and closes. They take turns, and
/// what the reader has to say is left to whoever has the turn, so that reading never waits for a peer that does not read.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore's handle is never asked for, so there is nothing to dispose.")]
internal sealed class WebSocketSender(WebSocketConnection connection, PipeWriter output, int outputBufferMax)
{
    /// <summary>A longer message goes in several frames, between which pongs pass, and whose memory is bounded.</summary>
    public const int FramePayloadMax = 64 * 1024;

    /// <summary>A frame has to fit what the connection below takes before a flush, with a control frame beside it.</summary>
    public int FramePayloadLength { get; } = Math.Clamp((outputBufferMax / 2) - WebSocketFrameHeader.LengthMax, 1, FramePayloadMax);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _lock = new();
    private WebSocketEncoder? _encoder;
    private byte[]? _pong;
    private bool _isPingPosted;
    private WebSocketCloseStatus? _close;
    private WebSocketMessageType _type;
    private Utf8Checker _text;
    private bool _isWithinSend;
    private volatile bool _endsBelow;
    private bool _hasEndedBelow;

    /// <summary>Whether the Close frame was written.</summary>
    public bool IsClosed => _encoder?.IsClosed ?? false;

    /// <summary>The handshake is done.</summary>
    public void Start(WebSocketEncoder encoder) => _encoder = encoder;

    /// <summary>Sends a message, or a part of one.</summary>
    public async ValueTask SendAsync(WebSocketMessageType type, ReadOnlyMemory<byte> bytes, bool endOfMessage, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await FlushEarlierAsync(cancellationToken).ConfigureAwait(false);
            WebSocketEncoder encoder = Open();
            CheckContent(encoder, type, bytes.Span, endOfMessage);
            do
            {
                ReadOnlyMemory<byte> piece = bytes[..Math.Min(bytes.Length, FramePayloadLength)];
                bytes = bytes[piece.Length..];
                encoder.EncodeData(type == WebSocketMessageType.Text, piece.Span, endOfMessage && bytes.IsEmpty, output);
                _isWithinSend = !bytes.IsEmpty;
                await FlushAsync(cancellationToken).ConfigureAwait(false);
            }
            while (_isWithinSend);
        }
        catch (OperationCanceledException e) when (_isWithinSend)
        {
            // A part of the message has gone, and nothing else may follow it but the rest, which nobody sends any more.
            connection.Abort(e);
            throw;
        }
        finally
        {
            _isWithinSend = false;
            Leave();
        }
    }

    /// <summary>
    /// Sends one frame of the stream, unless it was cancelled while others had their turn. It has gone, or will with the next flush, once the frame
    /// was written: <paramref name="written"/> is told then.
    /// </summary>
    public async ValueTask<FlushResult> SendFrameAsync(
        WebSocketMessageType type, ReadOnlyMemory<byte> bytes, bool endOfMessage, Func<bool> takeCancel, Action<int> written, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await FlushEarlierAsync(cancellationToken).ConfigureAwait(false);
            if (takeCancel())
                return new FlushResult(isCanceled: true, isCompleted: false);
            WebSocketEncoder encoder = Open();
            CheckContent(encoder, type, bytes.Span, endOfMessage: false);
            encoder.EncodeData(type == WebSocketMessageType.Text, bytes.Span, endOfMessage && _text.IsComplete, output);
            written(bytes.Length);
            WritePending(encoder);
            return await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Sends on what an earlier flush, cancelled, has left.</summary>
    public async ValueTask<FlushResult> FlushRestAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    public async ValueTask PingAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await FlushEarlierAsync(cancellationToken).ConfigureAwait(false);
            Open().EncodeControl(WebSocketOpcode.Ping, payload.Span, output);
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Sends the Close frame, unless it was sent.</summary>
    public async ValueTask CloseAsync(WebSocketCloseStatus status, string reason, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await FlushEarlierAsync(cancellationToken).ConfigureAwait(false);
            if (_encoder is not { IsClosed: false } encoder)
                return;
            encoder.EncodeClose(status, reason, output);
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Answers a ping, as soon as it can be. Of several not answered yet the last one is (RFC 6455, section 5.5.3).</summary>
    public void PostPong(ReadOnlySpan<byte> payload)
    {
        byte[] pong = payload.ToArray();
        lock (_lock)
            _pong = pong;
        SendPosted();
    }

    /// <summary>Sends an empty ping, as soon as it can be.</summary>
    public void PostPing()
    {
        lock (_lock)
            _isPingPosted = true;
        SendPosted();
    }

    /// <summary>Answers a Close frame, or tells of a failure, as soon as it can be.</summary>
    public void PostClose(WebSocketCloseStatus status)
    {
        lock (_lock)
            _close ??= status;
        SendPosted();
    }

    /// <summary>Both sides have closed, or will once ours has: a server then ends the connection below at once (RFC 6455, section 7.1.1).</summary>
    public void PostEnd()
    {
        _endsBelow = true;
        SendPosted();
    }

    /// <summary>Frees what the compressor holds, once nobody writes any more.</summary>
    public void Release()
    {
        // While a writer hangs, its memory is the collector's to free.
        if (!_turn.Wait(0))
            return;
        _encoder?.Dispose();
        _turn.Release();
    }

    private WebSocketEncoder Open() => _encoder is { IsClosed: false } encoder
        ? encoder
        : throw SocketErrors.Create(SocketError.Shutdown, "send to", $"{connection.RemoteEndPoint}", reason: "the WebSocket is closed");

    private void CheckContent(WebSocketEncoder encoder, WebSocketMessageType type, ReadOnlySpan<byte> bytes, bool endOfMessage)
    {
        if (encoder.IsWithinMessage && type != _type)
            throw new InvalidOperationException($"The {_type} message begun before has not ended: end it first.");
        Utf8Checker text = encoder.IsWithinMessage ? _text : default;
        if (type == WebSocketMessageType.Text && (!text.Append(bytes) || (endOfMessage && !text.IsComplete)))
            throw new ArgumentException("A text message is UTF-8, and these bytes are not.", nameof(bytes));
        _type = type;
        _text = text;
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_encoder is { } encoder)
            WritePending(encoder);

        // CancelPendingFlush is for the stream's writer; a message does not know it.
        while ((await output.FlushAsync(cancellationToken).ConfigureAwait(false)).IsCanceled)
        {
        }
    }

    /// <summary>
    /// What a cancelled flush has left goes before anything is written behind it: a frame finds the room that <see cref="FramePayloadLength"/> counts
    /// on, or it would be cut where the memory ends.
    /// </summary>
    private async ValueTask FlushEarlierAsync(CancellationToken cancellationToken)
    {
        while (output.CanGetUnflushedBytes && output.UnflushedBytes > 0 && (await output.FlushAsync(cancellationToken).ConfigureAwait(false)).IsCanceled)
        {
        }
    }

    private void SendPosted()
    {
        if (_encoder is not null && _turn.Wait(0))
            _ = SendPostedAsync(_encoder);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Nobody awaits it: whoever reads or writes next meets the same failure.")]
    private async Task SendPostedAsync(WebSocketEncoder encoder)
    {
        try
        {
            WritePending(encoder);
            await output.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // See above.
        }
        finally
        {
            Leave();
        }
    }

    private void WritePending(WebSocketEncoder encoder)
    {
        byte[]? pong;
        bool isPing;
        WebSocketCloseStatus? close;
        lock (_lock)
        {
            (pong, _pong) = (_pong, null);
            (isPing, _isPingPosted) = (_isPingPosted, false);

            // Nothing may follow a Close frame, so it waits for the message under way (section 5.5.1).
            close = _isWithinSend ? null : _close;
            if (close is not null)
                _close = null;
        }

        if (encoder.IsClosed)
            return;
        if (isPing)
            encoder.EncodeControl(WebSocketOpcode.Ping, [], output);
        if (pong is not null)
            encoder.EncodeControl(WebSocketOpcode.Pong, pong, output);
        if (close is { } status)
            encoder.EncodeClose(status, "", output);
    }

    private void Leave()
    {
        if (_endsBelow && IsClosed && !_hasEndedBelow)
        {
            _hasEndedBelow = true;
            output.Complete();
        }

        _turn.Release();
        bool posted;
        lock (_lock)
            posted = _pong is not null || _isPingPosted || _close is not null;
        if (IsClosed ? _endsBelow && !_hasEndedBelow : posted)
            SendPosted();
    }
}
