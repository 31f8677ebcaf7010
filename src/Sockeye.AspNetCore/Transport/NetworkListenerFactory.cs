using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sockeye;

/// <summary>Kestrel's transport: gives it listeners of a network.</summary>
internal sealed class NetworkListenerFactory : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly Network _network;
    private readonly SockeyeTransportOptions _options;
    private readonly ConnectionIds _ids;
    private readonly IMemoryPoolFactory<byte>? _pools;
    private readonly ILogger _logger;

    public NetworkListenerFactory(Network network, IOptions<SockeyeTransportOptions> options, ILoggerFactory loggers, IMemoryPoolFactory<byte>? pools = null)
    {
        (_network, _options, _pools) = (network, options.Value, pools);
        if (_options.ReadAheadMax >= _options.Listener.InputBufferMax)
            throw new ArgumentException($"ReadAheadMax is {_options.ReadAheadMax} bytes: it has to be below the listener's InputBufferMax, which is {_options.Listener.InputBufferMax}.", nameof(options));
        _ids = new ConnectionIds(network.TimeProvider);
        _logger = loggers.CreateLogger("Sockeye.AspNetCore.Transport");
    }

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint or UnixDomainSocketEndPoint or DnsEndPoint or AddressEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (!CanBind(endpoint))
            throw new NotSupportedException($"{endpoint} is no end point of sockets: a network of Sockeye cannot listen there.");
        Address address = endpoint is AddressEndPoint given ? given.Address : Address.FromEndPoint(endpoint);
        try
        {
            Listener listener = await _network.ListenAsync(address, _options.Listener, cancellationToken).ConfigureAwait(false);
            return new NetworkConnectionListener(listener, _options, _ids, _pools, _logger);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            // This is how Kestrel knows it.
            throw new AddressInUseException(e.Message, e);
        }
    }
}
