using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Sockeye;

/// <summary>A listener as Kestrel wants it.</summary>
internal sealed class NetworkConnectionListener(
    Listener listener, SockeyeTransportOptions options, ConnectionIds ids, IMemoryPoolFactory<byte>? pools, ILogger logger) : IConnectionListener
{
    private readonly MemoryPool<byte> _memory = pools?.Create(new MemoryPoolOptions { Owner = "sockeye" }) ?? MemoryPool<byte>.Shared;

    public EndPoint EndPoint => listener.LocalEndPoints[0];

    /// <summary>Waits for a connection; null once it was unbound. Kestrel accepts no more after an exception, so a shortage only pauses.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                Connection? connection = await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
                return connection is null ? null : new NetworkConnectionContext(connection, ids.Next(), _memory, options, logger);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                TransportLog.AcceptPaused(logger, e, options.AcceptBackoff.TotalMilliseconds);
                await Task.Delay(options.AcceptBackoff, listener.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => listener.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync().ConfigureAwait(false);

        // Kestrel closes the connections first. The shared pool's Dispose does nothing.
        _memory.Dispose();
    }
}
