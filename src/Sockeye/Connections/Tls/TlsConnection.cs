using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Sockeye;

/// <summary>
/// TLS over any connection, as either side. Each direction ends by itself: completing <see cref="Connection.Output"/> sends close_notify and then FIN, and reading
/// goes on; the peer's close_notify ends <see cref="Connection.Input"/>, and writing goes on. A transport that ends without it has cut the stream short:
/// reading throws <see cref="TruncatedStreamException"/>. RFC 8446, section 6.1.
/// </summary>
/// <remarks>
/// <see cref="Network.ConnectAsync(Address, ConnectorOptions?, CancellationToken)"/> and <see cref="Network.ListenAsync(Address, ListenerOptions?, CancellationToken)"/> make
/// them for <c>tls://</c>. A cancelled read or flush loses no bytes. What the network carries for them, <see cref="Connection.Socket"/> counts.
/// </remarks>
public sealed partial class TlsConnection : DelegatingConnection
{
    private readonly TlsSessionGate _gate = new();
    private readonly TlsTransport _transport;
    private readonly SslStream _stream;
    private readonly TlsInput _input;
    private readonly TlsOutput _output;
    private readonly TlsClientOptions? _client;
    private readonly TlsServerOptions? _server;
    private readonly StreamOptions _options;
    private readonly TimeProvider _time;
    private readonly TimeSpan _acceptTimeout;
    private readonly string? _where;
    private readonly string _host = "";
    private volatile EndPoint? _local;
    private volatile EndPoint? _remote;
    private long _bytesReceived;
    private long _bytesSent;
    private TlsException? _refusal;
    private volatile bool _wasAskedForCertificate;
    private TaskCompletionSource? _handshake;
    private volatile bool _isAuthenticated;
    private TaskCompletionSource? _disposing;

    private TlsConnection(Connection inner, TlsClientOptions? client, TlsServerOptions? server, StreamOptions? options, Address? address, TimeSpan acceptTimeout)
        : base(inner)
    {
        _acceptTimeout = acceptTimeout;
        (_client, _server, _options, _where) = (client, server, options ?? StreamOptions.Standard, address?.ToString());
        KeepEndPoints();
        _time = inner.Socket?.Network.TimeProvider ?? TimeProvider.System;
        _host = client?.TargetHost ?? address?.Host ?? (RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "";
        _transport = new TlsTransport(inner, _gate);
        _stream = new SslStream(_transport, leaveInnerStreamOpen: true);
        _input = new TlsInput(this, _options.InputBufferMax);
        _output = new TlsOutput(this, _options.OutputBufferMax);
    }

    /// <inheritdoc/>
    public override PipeReader Input => _input;

    /// <inheritdoc/>
    public override PipeWriter Output => _output;

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint => _local;

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint => _remote;

    /// <summary>The bytes received so far, decrypted.</summary>
    public override long BytesReceived => Volatile.Read(ref _bytesReceived);

    /// <summary>The bytes sent so far, before they were encrypted.</summary>
    public override long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>Whether this is the server's side.</summary>
    public bool IsServer => _server is not null;

    /// <summary>The protocol version, after the handshake; before it <see cref="SslProtocols.None"/>.</summary>
    public SslProtocols Protocol => IsAuthenticated ? _stream.SslProtocol : SslProtocols.None;

    /// <summary>The cipher suite, after the handshake; null before it.</summary>
    public TlsCipherSuite? CipherSuite => IsAuthenticated ? _stream.NegotiatedCipherSuite : null;

    /// <summary>The application protocol that was agreed on (ALPN), or null.</summary>
    public string? ApplicationProtocol =>
        IsAuthenticated && _stream.NegotiatedApplicationProtocol is { Protocol.Length: > 0 } agreed ? agreed.ToString() : null;

    /// <summary>The name the client asked for (SNI) or verifies; null where it asked for none.</summary>
    public string? ServerName => !IsServer ? _host : IsAuthenticated && _stream.TargetHostName.Length > 0 ? _stream.TargetHostName : null;

    /// <summary>The peer's certificate; null before the handshake, and for clients that showed none.</summary>
    public X509Certificate2? PeerCertificate { get; private set; }

    /// <summary>The peer as messages name it.</summary>
    internal string Peer => _where ?? SocketErrors.Describe(RemoteEndPoint, SocketType.Stream, default) ?? "the peer";

    internal bool IsDisposing => Volatile.Read(ref _disposing) is not null;

    private bool IsAuthenticated => _isAuthenticated;

    /// <summary>TLS as a client, over a connection that it owns from then on. Nothing is sent yet.</summary>
    public static TlsConnection CreateClient(Connection inner, TlsClientOptions? options = null, StreamOptions? streamOptions = null) =>
        new(inner, options ?? TlsClientOptions.Default, server: null, streamOptions, address: null, Timeout.InfiniteTimeSpan);

    /// <summary>
    /// TLS as a server, over a connection that it owns from then on. Nothing is sent yet. The client may take <see cref="ListenerOptions.HandshakeTimeout"/>
    /// over the handshake, if <paramref name="streamOptions"/> are <see cref="ListenerOptions"/>; 10 s if not.
    /// </summary>
    public static TlsConnection CreateServer(Connection inner, TlsServerOptions options, StreamOptions? streamOptions = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return CreateServer(inner, options, streamOptions, (streamOptions as ListenerOptions ?? ListenerOptions.Default).HandshakeTimeout);
    }

    /// <inheritdoc/>
    public override Stream AsStream() => new ConnectionStream(this);

    /// <summary>
    /// Shakes hands, once: whoever reads, flushes or asks first begins it, and all wait for the same. The token ends this wait and not the handshake.
    /// </summary>
    /// <exception cref="TlsException">It failed, or the peer is not to be trusted.</exception>
    /// <exception cref="SocketTimeoutException">
    /// <see cref="TlsClientOptions.HandshakeTimeout"/> has passed, or <see cref="ListenerOptions.HandshakeTimeout"/>.
    /// </exception>
    public override ValueTask HandshakeAsync(CancellationToken cancellationToken = default)
    {
        Task handshake = Volatile.Read(ref _handshake)?.Task ?? BeginHandshake();
        return new ValueTask(handshake.IsCompleted ? handshake : handshake.WaitAsync(cancellationToken));
    }

    /// <summary>Sends what is left and close_notify, and closes what is below in order. At most <see cref="StreamOptions.LingerTimeout"/> for each of the two.</summary>
    [SuppressMessage("Usage", "CA2215", Justification = "The base would dispose what is below, which is done last.")]
    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        TaskCompletionSource source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return Interlocked.CompareExchange(ref _disposing, source, null) is { } earlier ? new ValueTask(earlier.Task) : new ValueTask(DisposeAsync(source));
    }

    internal static TlsConnection CreateClient(Connection inner, Address address, ConnectorOptions options) =>
        new(inner, options.Tls ?? TlsClientOptions.Default, server: null, options, address, Timeout.InfiniteTimeSpan);

    /// <param name="inner">It is owned.</param>
    /// <param name="options">How to speak.</param>
    /// <param name="streamOptions">Limits.</param>
    /// <param name="timeout">What the client may take over the handshake; infinite where another layer keeps the time.</param>
    internal static TlsConnection CreateServer(Connection inner, TlsServerOptions options, StreamOptions? streamOptions, TimeSpan timeout) =>
        new(inner, client: null, options, streamOptions, address: null, timeout);

    /// <summary>Reads and decrypts; zero is the peer's close_notify.</summary>
    internal async ValueTask<int> DecryptAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await HandshakeAsync(cancellationToken).ConfigureAwait(false);
        int count;
        await _gate.EnterReaderAsync().ConfigureAwait(false);
        try
        {
            count = await _stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw Failure(e);
        }
        finally
        {
            _gate.LeaveReader();
        }

        if (buffer.IsEmpty)
            return count;
        if (count == 0 && _transport.HasEnded)
            throw Truncated(cause: null);
        Volatile.Write(ref _bytesReceived, _bytesReceived + count);
        if (Socket is { Observer: { } observer } socket)
            observer.Decrypted(socket, buffer.Span[..count]);
        return count;
    }

    /// <summary>Encrypts and sends one record. Cancelled, it is sent by the next flush.</summary>
    internal async ValueTask EncryptAsync(ReadOnlyMemory<byte> record, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Socket is { Observer: { } observer } socket)
            observer.Encrypting(socket, record.Span);
        _transport.AllowWriting();
        ValueTask writing = _stream.WriteAsync(record, CancellationToken.None);
        try
        {
            if (!writing.IsCompleted)
            {
                using CancellationTokenRegistration cancel = cancellationToken.UnsafeRegister(static transport => ((TlsTransport)transport!).CancelWrite(), _transport);
                await writing.ConfigureAwait(false);
            }
            else
            {
                await writing.ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            throw Failure(e);
        }

        Volatile.Write(ref _bytesSent, _bytesSent + record.Length);
    }

    internal async ValueTask FlushBelowAsync(CancellationToken cancellationToken)
    {
        FlushResult result;
        do
        {
            result = await Inner.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        while (result.IsCanceled);
    }

    internal async ValueTask ShutDownAsync()
    {
        try
        {
            _transport.AllowWriting();
            Task sending = await _gate.BeginEndAsync(_stream.ShutdownAsync).ConfigureAwait(false);
            await sending.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw Failure(e);
        }

        await Inner.Output.CompleteAsync().ConfigureAwait(false);
    }

    [SuppressMessage("Design", "CA1031", Justification = "What the last bytes meet is of no interest to who closes; the inner connection says how it ended.")]
    private async Task DisposeAsync(TaskCompletionSource source)
    {
        try
        {
            if (!Inner.Closed.IsCancellationRequested && (IsAuthenticated || _output.UnflushedBytes > 0))
                await _output.FinishAsync().Observed().WaitAsync(_options.LingerTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // An orderly end after a part would make the peer take it for the whole.
            Inner.Abort();
        }
        catch (Exception)
        {
            // The peer has gone first; there is nothing left to deliver.
        }

        try
        {
            await Inner.DisposeAsync().ConfigureAwait(false);
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            source.SetResult();
        }
    }

    /// <summary>What a flush throws that comes when the connection is being disposed.</summary>
    internal SocketException TooLate() => SocketErrors.Create(SocketError.OperationAborted, "send to", Peer);

    private Exception Failure(Exception e)
    {
        if (_transport.Fault is { } fault)
            return fault;
        if (e is ObjectDisposedException or IOException { InnerException: ObjectDisposedException })
            return SocketErrors.Create(SocketError.OperationAborted, "use", Peer);
        return _transport.HasEnded ? Truncated(e) : TlsErrors.Explain(e, Peer, IsServer);
    }

    /// <summary>
    /// The transport ended, and TLS had not. In TLS 1.3 a client is done before the server has looked at its certificate: a server that refuses it and does
    /// not say so by an alert (.NET's does not) just ends, before its first byte.
    /// </summary>
    private ProtocolException Truncated(Exception? cause)
    {
        if (_bytesReceived == 0 && _wasAskedForCertificate)
        {
            return new TlsException(
                TlsFailure.ClientCertificateMissing,
                $"{Peer} ended the connection: it had asked for a client certificate, and was shown none",
                cause);
        }

        string refused = _bytesReceived == 0 && _client?.Certificate is not null ? ", or it refused our client certificate" : "";
        return new TruncatedStreamException(
            $"{Peer} cut its stream short: the connection ended without TLS's close_notify, so more may have been meant{refused}",
            cause);
    }
}
