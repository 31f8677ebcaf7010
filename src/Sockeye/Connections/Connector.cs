using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Connects over the sockets of any network: resolves, then races the addresses.</summary>
internal static class Connector
{
    public static async ValueTask<Connection> ConnectAsync(Network network, Address address, ConnectorOptions options, CancellationToken cancellationToken)
    {
        SocketKinds.Require(address, connections: true, "makes no connections: open it with ConnectDatagramAsync");
        ConnectionProtocols.ThrowIfUnknown(address);
        if (address.Options.Proxy == ProxyVersions.Any)
            throw new NotSupportedException($"{address}: say which version of the PROXY protocol to send, proxy=v1 or proxy=v2.");
        if (options.ConnectTimeout is not { } timeout)
            return await ConnectNowAsync(network, address, options, cancellationToken).ConfigureAwait(false);

        using CancellationTokenSource limit = new(timeout, network.TimeProvider);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await ConnectNowAsync(network, address, options, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw SocketErrors.TimedOut("connect to", address.ToString(), timeout);
        }
    }

    private static async ValueTask<Connection> ConnectNowAsync(Network network, Address address, ConnectorOptions options, CancellationToken cancellationToken)
    {
        EndPoint[] endPoints = await ResolveAsync(network, address, SocketObserver.Combine(network.Observer, options.Observer), cancellationToken).ConfigureAwait(false);
        ConnectRace race = new(network, address, endPoints, options);
        NetworkSocket socket = await race.RunAsync(cancellationToken).ConfigureAwait(false);
        Connection connection = network.CreateConnection(socket, AddressOptionsSetter.Merge<StreamOptions>(address, options));
        return await ConnectionProtocols.ConnectAsync(connection, address, options, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<EndPoint[]> ResolveAsync(Network network, Address address, SocketObserver? observer, CancellationToken cancellationToken)
    {
        long start = network.TimeProvider.GetTimestamp();
        EndPoint[] endPoints = await AddressResolver.ResolveAsync(network, address, cancellationToken).ConfigureAwait(false);
        if (observer is not null && address.EndPoint is DnsEndPoint)
            observer.Resolved(address, endPoints, network.TimeProvider.GetElapsedTime(start));
        return endPoints;
    }
}
