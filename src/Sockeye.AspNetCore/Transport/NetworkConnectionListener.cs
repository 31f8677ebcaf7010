using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Sockeye;

/// <summary>A listener as Kestrel wants it.</summary>
internal sealed class NetworkConnectionListener : IConnectionListener
{
    private readonly Listener _listener;
    private readonly SockeyeTransportOptions _options;
    private readonly ConnectionIds _ids;
    private readonly MemoryPool<byte> _memory;
    private readonly ILogger _logger;
    private readonly ShardedAccepting? _accepting;

    public NetworkConnectionListener(Listener listener, SockeyeTransportOptions options, ConnectionIds ids, IMemoryPoolFactory<byte>? pools, ILogger logger)
    {
        (_listener, _options, _ids, _logger) = (listener, options, ids, logger);
        _memory = pools?.Create(new MemoryPoolOptions { Owner = "sockeye" }) ?? MemoryPool<byte>.Shared;
        if (listener.Shards.Count > 1)
            _accepting = new ShardedAccepting(listener.Shards, AcceptAsync);
    }

    public EndPoint EndPoint => _listener.LocalEndPoints[0];

    /// <summary>Waits for a connection; null once it was unbound.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        ValueTask<Connection?> accepting = _accepting?.AcceptAsync(cancellationToken) ?? AcceptAsync(_listener, cancellationToken);
        return await accepting.ConfigureAwait(false) is { } connection ? new NetworkConnectionContext(connection, _ids.Next(), _memory, _options, _logger) : null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => _listener.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync().ConfigureAwait(false);
        if (_accepting is not null)
            await _accepting.CloseAsync().ConfigureAwait(false);

        // Kestrel closes the connections first. The shared pool's Dispose does nothing.
        _memory.Dispose();
    }

    /// <summary>Kestrel accepts no more after an exception, so a shortage only pauses.</summary>
    private async ValueTask<Connection?> AcceptAsync(Listener shard, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await shard.AcceptAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                TransportLog.AcceptPaused(_logger, e, _options.AcceptBackoff.TotalMilliseconds);
                await Task.Delay(_options.AcceptBackoff, shard.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
