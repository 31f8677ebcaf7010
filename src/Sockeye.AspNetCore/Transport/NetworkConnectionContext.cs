using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Sockeye;

/// <summary>A connection of Sockeye as ASP.NET Core wants it.</summary>
internal sealed class NetworkConnectionContext : ConnectionContext, IDuplexPipe, IConnectionIdFeature, IConnectionItemsFeature, IConnectionTransportFeature,
    IConnectionLifetimeFeature, IConnectionEndPointFeature, IMemoryPoolFeature
{
    private readonly Connection _connection;
    private readonly Resuming _resuming;
    private readonly ReadAheadInput _input;
    private readonly TransportOutput _output;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDictionary<object, object?>? _items;
    private int _isTelling;
    private Task? _closing;

    public NetworkConnectionContext(Connection connection, string id, MemoryPool<byte> memory, SockeyeTransportOptions options, ILogger logger)
    {
        (_connection, ConnectionId, MemoryPool, _logger) = (connection, id, memory, logger);
        _resuming = new Resuming(options.RunsInline);
        _input = new ReadAheadInput(connection.Input, options.ReadAheadMax, _resuming, InputEnded);
        _output = new TransportOutput(connection.Output, _resuming);
        Transport = this;
        ConnectionClosed = _closed.Token;
        KeepEndPoints();
        SetFeatures();
        _input.Start();
    }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection(initialCapacity: 12);

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override IDuplexPipe Transport { get; set; }

    /// <summary>Fires when the client has ended its side, when the connection has failed, and when it was closed here.</summary>
    public override CancellationToken ConnectionClosed { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public MemoryPool<byte> MemoryPool { get; }

    PipeReader IDuplexPipe.Input => _input;

    PipeWriter IDuplexPipe.Output => _output;

    /// <summary>Finishes what comes before the first byte, and knows then who the client is and what TLS agreed on.</summary>
    public async Task HandshakeAsync()
    {
        await _connection.HandshakeAsync(ConnectionClosed).ConfigureAwait(false);
        await new PoolTurn(_resuming);
        KeepEndPoints();
        if (_connection.Layer<TlsConnection>() is { } tls)
            TlsFeatures.AddTo(Features, tls);
    }

    /// <summary>Logs why the handshake failed, which the client's own side tells its user.</summary>
    public void HandshakeFailed(Exception e) => TransportLog.HandshakeFailed(_logger, e, ConnectionId);

    public override void Abort() => Abort(new ConnectionAbortedException("The connection was aborted by the application."));

    /// <summary>
    /// Ends both directions at once, with RST. Kestrel gives no reason, whatever the signature says, where the client has ended the connection in order: so does this then.
    /// </summary>
    public override void Abort(ConnectionAbortedException? abortReason)
    {
        TransportLog.Aborted(_logger, ConnectionId, abortReason?.Message ?? "the connection has ended.");
        _input.Abort(abortReason ?? new ConnectionAbortedException("The connection has ended."));
        if (abortReason is null)
        {
            _ = DisposeConnectionAsync();
        }
        else
        {
            _resuming.Enter();
            _connection.Abort(abortReason);
            _resuming.Leave();
        }

        TellClosed();
    }

    /// <summary>
    /// Sends what is left and FIN. That the client ends its side then, as <see cref="StreamOptions.LingerTimeout"/> allows, is not waited for here: Kestrel's stop would wait
    /// for every client that rests.
    /// </summary>
    public override async ValueTask DisposeAsync()
    {
        Task closing;
        lock (_told)
            closing = _closing ??= CloseAsync();
        await closing.ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        bool hasInput = _input.Stop();
        bool hasUnsent = _output.HasUnsent;
        Task disposing = DisposeConnectionAsync();

        // No write begins from here on.
        if (hasInput)
            _ = GiveInputBackAsync(_output.AllEnded());
        if (hasUnsent)
            await disposing.ConfigureAwait(false);
        TellClosed();
        await _told.Task.ConfigureAwait(false);
        _closed.Dispose();
    }

    /// <summary>
    /// The application may write what it has read, and leave without waiting for that. The memory goes back, to be another connection's, when nothing reads it any more.
    /// </summary>
    private async Task GiveInputBackAsync(Task writing)
    {
        await writing.ConfigureAwait(false);
        await _connection.Input.CompleteAsync().ConfigureAwait(false);
    }

    private async Task DisposeConnectionAsync()
    {
        _resuming.Enter();
        ValueTask disposing = _connection.DisposeAsync();
        _resuming.Leave();
        try
        {
            await disposing.ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It is closed all the same.
            TransportLog.Failed(_logger, e, ConnectionId);
        }
    }

    private void KeepEndPoints() => (LocalEndPoint, RemoteEndPoint) = (_connection.LocalEndPoint, _connection.RemoteEndPoint);

    private void SetFeatures()
    {
        Features.Set<IConnectionIdFeature>(this);
        Features.Set<IConnectionItemsFeature>(this);
        Features.Set<IConnectionTransportFeature>(this);
        Features.Set<IConnectionLifetimeFeature>(this);
        Features.Set<IConnectionEndPointFeature>(this);
        Features.Set<IMemoryPoolFeature>(this);
        Features.Set(_connection);
        if (_connection.Socket is { Network: SystemNetwork } socket)
            Features.Set<IConnectionSocketFeature>(new SocketFeature(socket));
    }

    private void InputEnded(Exception? failure)
    {
        if (failure is null)
            TransportLog.InputEnded(_logger, ConnectionId);
        else
            TransportLog.Failed(_logger, failure, ConnectionId);
        TellClosed();
    }

    /// <summary>On the pool: what hangs on the token is the application's, and must not run within the network's calls.</summary>
    private void TellClosed()
    {
        if (Interlocked.Exchange(ref _isTelling, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static context => context.Tell(), this, preferLocal: false);
    }

    private void Tell()
    {
        try
        {
            _closed.Cancel();
        }
        catch (AggregateException e)
        {
            // Of what the application hung on the token.
            TransportLog.Failed(_logger, e, ConnectionId);
        }
        finally
        {
            _told.SetResult();
        }
    }
}
