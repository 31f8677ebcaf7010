using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;

namespace Sockeye;

/// <summary>
/// A WebSocket (RFC 6455) over any connection, as either side. Read and write whole messages, or use it as the stream of bytes that every
/// <see cref="Connection"/> is: the payloads of what comes one after the other, each flush a message.
/// </summary>
/// <remarks>
/// Pings are answered while somebody reads. One reader at a time; of writers any number, their messages never mix. Input and messages are not to
/// be read both. Cancelling a receive loses nothing. Cancelling a send of more than 64 KiB in the middle aborts the connection; a smaller one goes with the next.
/// A peer that breaks the protocol is told by a Close frame with the status that says how, the connection is closed, and the read throws <see cref="ProtocolException"/>.
/// </remarks>
public sealed partial class WebSocketConnection : DelegatingConnection
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly WebSocketOptions _options;
    private readonly WebSocketSender _sender;
    private readonly WebSocketReceiver _receiver;
    private readonly WebSocketInput _input;
    private readonly WebSocketOutput _output;
    private readonly PayloadBuffer _message = new();
    private readonly TimeSpan _lingerTimeout;

    private WebSocketConnection(Connection inner, WebSocketOptions options, StreamOptions streamOptions, bool isServer, string? target, TimeSpan acceptTimeout)
        : base(inner)
    {
        _options = options;
        IsServer = isServer;
        _target = target;
        _acceptTimeout = acceptTimeout;
        _lingerTimeout = streamOptions.LingerTimeout;
        _sender = new WebSocketSender(this, inner.Output, streamOptions.OutputBufferMax);
        _receiver = new WebSocketReceiver(this, inner.Input, _sender);
        _input = new WebSocketInput(this, _receiver, inner.Input, streamOptions.InputBufferMax);
        _output = new WebSocketOutput(this, _sender, inner.Output, options.StreamsText, streamOptions.OutputBufferMax);
    }

    /// <summary>The payloads of the messages that come, as one stream. It ends with the peer's Close.</summary>
    /// <inheritdoc/>
    public override PipeReader Input => _input;

    /// <summary>Each flush sends a message. Completing it sends a Close frame with 1000; the peer's messages go on coming until it closes too.</summary>
    /// <inheritdoc/>
    public override PipeWriter Output => _output;

    /// <summary>The subprotocol agreed on; null for none, and before the handshake.</summary>
    public string? SubProtocol => _agreement?.SubProtocol;

    /// <summary>Whether messages are compressed: permessage-deflate was agreed on.</summary>
    public bool IsCompressed => _agreement?.Deflate is not null;

    /// <summary>The path of the request with its query; empty before the handshake.</summary>
    public string Path => _agreement?.Target ?? "";

    /// <summary>The headers of the peer's part of the handshake, by name in any case; none before it.</summary>
    public IReadOnlyDictionary<string, string> PeerHeaders => _agreement?.Headers ?? NoHeaders;

    /// <summary>What the peer's Close frame said; <see cref="WebSocketCloseStatus.Empty"/> if nothing, null before it came.</summary>
    public WebSocketCloseStatus? CloseStatus => _receiver.CloseStatus;

    /// <summary>The reason in the peer's Close frame; empty if it gave none, null before it came.</summary>
    public string? CloseReason => _receiver.CloseReason;

    /// <summary>Told of each pong, with its payload, from within the read under way; what it throws, that read throws.</summary>
    public Action<ReadOnlyMemory<byte>>? PongReceived { get; set; }

    /// <summary>Receives the next message, whole; null when the peer has closed.</summary>
    /// <exception cref="ProtocolException">The peer broke the protocol; <see cref="FrameTooLargeException"/>: it sent too large a message; <see cref="TruncatedStreamException"/>: it ended without a Close.</exception>
    /// <exception cref="SocketTimeoutException">The peer is silent: <see cref="WebSocketOptions.KeepAliveInterval"/>.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The connection failed.</exception>
    /// <exception cref="InvalidOperationException">Another read is under way, or the input is read as a stream.</exception>
    public async ValueTask<WebSocketMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        await HandshakeAsync(cancellationToken).ConfigureAwait(false);
        if (!_receiver.TryEnter())
            throw new InvalidOperationException("Somebody reads this WebSocket already: one reader at a time.");
        try
        {
            if (_isStream)
                throw new InvalidOperationException("This WebSocket is read as a stream, by Input: it has no messages to give.");
            _isMessages = true;
            while (true)
            {
                WebSocketEventKind kind = await _receiver.ReadAsync(_message, cancellationToken).ConfigureAwait(false);
                if (kind == WebSocketEventKind.Close)
                {
                    _message.Release();
                    return null;
                }

                if (kind == WebSocketEventKind.EndOfMessage)
                    return TakeMessage();
            }
        }
        finally
        {
            _receiver.Leave();
        }
    }

    /// <summary>Receives messages until the peer closes.</summary>
    /// <exception cref="ProtocolException">As <see cref="ReceiveAsync"/>.</exception>
    public async IAsyncEnumerable<WebSocketMessage> ReceiveAllAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await ReceiveAsync(cancellationToken).ConfigureAwait(false) is { } message)
            yield return message;
    }

    /// <summary>Sends a text message.</summary>
    /// <exception cref="ArgumentException">The text holds half a surrogate pair, which UTF-8 cannot say.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The connection failed, or is closed.</exception>
    public ValueTask SendTextAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SendAsync(Utf8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
    }

    /// <summary>Sends a binary message.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The connection failed, or is closed.</exception>
    public ValueTask SendBinaryAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);

    /// <summary>Sends a message, or a fragment of one: the next calls go on with it until one ends it.</summary>
    /// <param name="bytes">The payload; of a text UTF-8, whose characters may be cut by fragments.</param>
    /// <param name="type">Text or binary; the same for all fragments of a message.</param>
    /// <param name="endOfMessage">Whether the message ends with it.</param>
    /// <param name="cancellationToken">Ends the wait; see the remarks of the class for what becomes of the message.</param>
    /// <exception cref="ArgumentException">The bytes of a text are no UTF-8, or the type is neither.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The connection failed, or is closed.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type, bool endOfMessage = true, CancellationToken cancellationToken = default)
    {
        if (type is not (WebSocketMessageType.Text or WebSocketMessageType.Binary))
            throw new ArgumentOutOfRangeException(nameof(type), type, "A message is text or binary; CloseAsync closes.");
        return IsOpen ? _sender.SendAsync(type, bytes, endOfMessage, cancellationToken) : SendFirstAsync();

        async ValueTask SendFirstAsync()
        {
            await HandshakeAsync(cancellationToken).ConfigureAwait(false);
            await _sender.SendAsync(type, bytes, endOfMessage, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a ping. The pong comes to whoever reads: <see cref="PongReceived"/>.</summary>
    /// <param name="payload">Comes back with the pong: up to 125 bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The payload is longer.</exception>
    public async ValueTask PingAsync(ReadOnlyMemory<byte> payload = default, CancellationToken cancellationToken = default)
    {
        if (payload.Length > WebSocketFrameHeader.ControlPayloadMax)
            throw new ArgumentException($"A ping carries up to {WebSocketFrameHeader.ControlPayloadMax} bytes, not {payload.Length}.", nameof(payload));
        await HandshakeAsync(cancellationToken).ConfigureAwait(false);
        await _sender.PingAsync(payload, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The closing handshake: sends a Close frame and reads until the peer's, dropping what comes before it. Then dispose. Nothing can be sent after it.
    /// </summary>
    /// <param name="status">1000 to 1003, 1007 to 1014, or 3000 to 4999 of your own; <see cref="WebSocketCloseStatus.Empty"/> says none.</param>
    /// <param name="reason">Up to 123 bytes of UTF-8.</param>
    /// <param name="cancellationToken">Ends the wait for the peer.</param>
    /// <exception cref="ArgumentException">The status may not be sent, or the reason is too long.</exception>
    /// <exception cref="ProtocolException">The peer broke the protocol instead.</exception>
    public async ValueTask CloseAsync(
        WebSocketCloseStatus status = WebSocketCloseStatus.NormalClosure, string reason = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reason);
        WebSocketCloseCodes.Emit(status, reason, stackalloc byte[WebSocketFrameHeader.ControlPayloadMax]);
        await HandshakeAsync(cancellationToken).ConfigureAwait(false);
        await _sender.CloseAsync(status, reason, cancellationToken).ConfigureAwait(false);
        await _receiver.DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override void Abort(Exception? reason = null)
    {
        _keepAlive?.Dispose();
        base.Abort(reason);
        _receiver.Abort();
        _sender.Release();
    }

    private WebSocketMessage TakeMessage()
    {
        WebSocketMessage message = new(_receiver.IsText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, _message.Memory.ToArray());
        _message.Release();
        return message;
    }
}
