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
        {
            Connection plain = await ConnectSocketAsync(network, address, options, cancellationToken).ConfigureAwait(false);
            return await ConnectionProtocols.ConnectAsync(plain, address, options, cancellationToken).ConfigureAwait(false);
        }

        using CancellationTokenSource end = new(timeout, network.TimeProvider);
        await using (cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), end).ConfigureAwait(false))
        {
            Connection? connected = null;
            try
            {
                connected = await ConnectSocketAsync(network, address, options, end.Token).ConfigureAwait(false);
                return await ConnectionProtocols.ConnectAsync(connected, address, options, end.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Whoever took the connection is there: it is its protocol that may be another.
                throw (connected is null ? null : ConnectionProtocols.TimedOut(connected, address, timeout)) ?? SocketErrors.TimedOut("connect to", address.ToString(), timeout);
            }
        }
    }

    private static async ValueTask<Connection> ConnectSocketAsync(Network network, Address address, ConnectorOptions options, CancellationToken cancellationToken)
    {
        EndPoint[] endPoints = await ResolveAsync(network, address, SocketObserver.Combine(network.Observer, options.Observer), cancellationToken).ConfigureAwait(false);
        ConnectRace race = new(network, address, endPoints, options);
        NetworkSocket socket = await race.RunAsync(cancellationToken).ConfigureAwait(false);
        return network.CreateConnection(socket, AddressOptionsSetter.Merge<StreamOptions>(address, options));
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
