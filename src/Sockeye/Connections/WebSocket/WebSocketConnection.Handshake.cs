using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;

namespace Sockeye;

public sealed partial class WebSocketConnection
{
    private static readonly Dictionary<string, string> NoHeaders = [];
    private static readonly Action<Span<byte>> CryptographicRandom = RandomNumberGenerator.Fill;

    /// <summary>What a server answers at.</summary>
    private readonly string? _target;
    private readonly TimeSpan _acceptTimeout;

    private WebSocketAgreement? _agreement;
    private Task? _handshake;
    private long _handshakeStart;
    private bool _isStream;
    private bool _isMessages;

    internal bool IsServer { get; }

    /// <summary>Whether the handshake is done.</summary>
    internal bool IsOpen => Volatile.Read(ref _agreement) is not null;

    /// <summary>The client's side of a WebSocket over a connection of your own: shakes hands, and gives the connection.</summary>
    /// <param name="inner">The connection, at its first byte. It is owned, and closed when this throws.</param>
    /// <param name="address">What is asked for: <c>ws://host:port/path</c>. Its host goes into the request.</param>
    /// <param name="options">Limits, and <see cref="ConnectorOptions.WebSocket"/>.</param>
    /// <param name="cancellationToken">Ends the handshake, and with it the connection.</param>
    /// <exception cref="ProtocolException">The peer is no WebSocket server, or does not agree.</exception>
    public static async ValueTask<WebSocketConnection> ConnectAsync(
        Connection inner, Address address, ConnectorOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(address);
        options ??= ConnectorOptions.Default;
        WebSocketConnection connection = new(inner, options.WebSocket, options, isServer: false, target: null, Timeout.InfiniteTimeSpan);
        try
        {
            await connection.RequestAsync(new WebSocketClientHandshake(address, options.WebSocket, CryptographicRandom), cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e)
        {
            connection.Abort(e);
            throw;
        }
    }

    /// <summary>
    /// The server's side of a WebSocket over a connection of your own. It shakes hands when it is first used, or asked to by <see cref="HandshakeAsync"/>.
    /// </summary>
    /// <param name="inner">The connection, at its first byte. It is owned.</param>
    /// <param name="options">Limits, <see cref="ListenerOptions.HandshakeTimeout"/> and <see cref="ListenerOptions.WebSocket"/>.</param>
    /// <param name="path">The path to answer at, with or without a query; null or <c>/</c> for any. Others get a 404.</param>
    public static WebSocketConnection Accept(Connection inner, ListenerOptions? options = null, string? path = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        options ??= ListenerOptions.Default;
        return new WebSocketConnection(inner, options.WebSocket, options, isServer: true, path, options.HandshakeTimeout);
    }

    /// <inheritdoc/>
    public override ValueTask HandshakeAsync(CancellationToken cancellationToken = default)
    {
        if (IsOpen)
            return ValueTask.CompletedTask;
        Task handshake = Volatile.Read(ref _handshake) ?? StartHandshake();

        // The handshake goes on without whoever gave up waiting: the next read finds it done.
        return new ValueTask(handshake.WaitAsync(cancellationToken));
    }

    /// <summary>Read as a stream: no limit of a message's size, and the peer's Close is answered when the output is completed.</summary>
    internal void UseAsStream()
    {
        if (_isStream)
            return;
        if (_isMessages)
            throw new InvalidOperationException("This WebSocket is read by messages: ReceiveAsync has taken some.");
        _isStream = true;
        _receiver.AnswersClose = false;
        _receiver.PassThrough();
    }

    private static ProtocolException EndedEarly(string? who) => new($"{who} ended the connection within the WebSocket handshake.");

    private Task StartHandshake()
    {
        TaskCompletionSource source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _handshake, source.Task, null) is { } other)
            return other;
        _ = RunAsync();
        return source.Task;

        async Task RunAsync()
        {
            using ITimer? limit = HandshakeLimit.Start(this, _acceptTimeout, Inner.Socket?.Network.TimeProvider ?? TimeProvider.System);
            try
            {
                await AnswerAsync().ConfigureAwait(false);
                limit?.Dispose();
                source.SetResult();
            }
            catch (Exception e)
            {
                _receiver.End();
                source.SetException(e);

                // Who waits sees it; if nobody does any more, it is no unobserved failure.
                _ = source.Task.Exception;
            }
        }
    }

    private async ValueTask RequestAsync(WebSocketClientHandshake handshake, CancellationToken cancellationToken)
    {
        await Inner.HandshakeAsync(cancellationToken).ConfigureAwait(false);
        NoteStart();
        handshake.WriteRequest(Inner.Output);
        await Inner.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            ReadResult result = await Inner.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> bytes = result.Buffer;
            if (!BeginsHttp(bytes))
                throw handshake.DescribeOther(bytes);
            if (Read(ref bytes) is { } response)
            {
                Inner.Input.AdvanceTo(bytes.Start);
                Open(handshake.Check(response));
                return;
            }

            if (result.IsCompleted)
                throw handshake.EndedEarly();
            Inner.Input.AdvanceTo(bytes.Start, bytes.End);
        }

        HttpHead? Read(ref ReadOnlySequence<byte> bytes)
        {
            try
            {
                return HttpHead.TryRead(ref bytes, _options.HandshakeSizeMax, out HttpHead? response) ? response : null;
            }
            catch (ProtocolException e)
            {
                throw handshake.Problem($"answered the WebSocket handshake with what is none: {e.Message.TrimEnd('.')}");
            }
        }
    }

    private async ValueTask AnswerAsync()
    {
        await Inner.HandshakeAsync().ConfigureAwait(false);
        NoteStart();
        WebSocketServerHandshake handshake = new(_options, _target);
        while (true)
        {
            ReadResult result = await Inner.Input.ReadAsync().ConfigureAwait(false);
            ReadOnlySequence<byte> bytes = result.Buffer;
            if (WebSocketServerHandshake.DescribeOther(bytes) is { } other)
                throw await RefuseAsync(new WebSocketRefusal("400 Bad Request", "This is a WebSocket server."), other, bytes.FirstSpan[0] != 0x16).ConfigureAwait(false);
            HttpHead? request = null;
            WebSocketRefusal? refusal = null;
            try
            {
                if (HttpHead.TryRead(ref bytes, _options.HandshakeSizeMax, out request))
                    Inner.Input.AdvanceTo(bytes.Start);
            }
            catch (FrameTooLargeException e)
            {
                refusal = new WebSocketRefusal("431 Request Header Fields Too Large", e.Message);
            }
            catch (ProtocolException e)
            {
                refusal = new WebSocketRefusal("400 Bad Request", e.Message);
            }

            if (refusal is not null)
                throw await RefuseAsync(refusal, $"sent no WebSocket handshake: {refusal.Problem.TrimEnd('.')}", answer: true).ConfigureAwait(false);
            if (request is not null)
            {
                await AnswerAsync(handshake, request).ConfigureAwait(false);
                return;
            }

            if (result.IsCompleted)
                throw EndedEarly($"{RemoteEndPoint}");
            Inner.Input.AdvanceTo(bytes.Start, bytes.End);
        }
    }

    private async ValueTask AnswerAsync(WebSocketServerHandshake handshake, HttpHead request)
    {
        (WebSocketAgreement? agreement, WebSocketRefusal? refusal) = handshake.Answer(request, Inner.Output);
        if (refusal is not null)
            throw await RefuseAsync(refusal, $"was refused with {refusal.Status}: {refusal.Problem.TrimEnd('.')}", answer: false).ConfigureAwait(false);
        await Inner.Output.FlushAsync().ConfigureAwait(false);
        Open(agreement!);
    }

    /// <summary>Sends the answer and closes in order, so that the peer can read it; then our side is told.</summary>
    private async ValueTask<ProtocolException> RefuseAsync(WebSocketRefusal refusal, string what, bool answer)
    {
        ProtocolException problem = new($"{RemoteEndPoint} {what}.");
        if (answer)
            refusal.Write(Inner.Output);
        try
        {
            await Inner.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException)
        {
            // It has gone before it was told.
        }

        return problem;
    }

    private void Open(WebSocketAgreement agreement)
    {
        DeflateParameters? deflate = agreement.Deflate;
        _sender.Start(new WebSocketEncoder(IsServer, CryptographicRandom, deflate?.CreateDeflater(IsServer)));
        _receiver.Start(new WebSocketDecoder(
            IsServer, _options.MessageSizeMax, deflate?.CreateInflater(IsServer), deflate?.PeerKeepsContext(IsServer) ?? true));
        KeepAlive();
        Volatile.Write(ref _agreement, agreement);
        if (Socket is { Observer: { } observer } socket)
            observer.Handshaken(socket, this, socket.Network.TimeProvider.GetElapsedTime(_handshakeStart));
    }

    private void KeepAlive()
    {
        if (_options.KeepAliveInterval is not { } interval)
            return;
        _receiver.KeepAlive = _keepAlive = new WebSocketKeepAlive(
            interval, _options.KeepAliveTimeout, Inner.Socket?.Network.TimeProvider ?? TimeProvider.System, _sender.PostPing, GiveUp);
        _keepAlive.Start();
    }

    private void NoteStart() => _handshakeStart = Socket?.Network.TimeProvider.GetTimestamp() ?? 0;

    private static bool BeginsHttp(in ReadOnlySequence<byte> bytes)
    {
        ReadOnlySpan<byte> http = "HTTP/1."u8;
        Span<byte> start = stackalloc byte[(int)Math.Min(bytes.Length, http.Length)];
        bytes.Slice(0, start.Length).CopyTo(start);
        return http.StartsWith(start);
    }
}
