using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Opens listeners over the sockets of any network.</summary>
internal static class ListenerFactory
{
    /// <summary>Several end points must share one free port: how many ports are tried until one is free on all.</summary>
    private const int FreePortTriesMax = 16;

    public static async ValueTask<Listener> ListenAsync(Network network, Address address, ListenerOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.SocketType is not (SocketType.Stream or SocketType.Seqpacket))
            throw new NotSupportedException($"{address} takes no connections: open it with OpenDatagramAsync.");
        if (address.IsTls)
            throw new NotSupportedException($"{address}: TLS is not built yet; listen on tcp:// for now.");
        if (address.Scheme is "ws" or "http")
            throw new NotSupportedException($"{address}: {address.Scheme} is not built yet; listen on tcp:// for now.");
        EndPoint[] endPoints = await AddressResolver.ResolveAsync(network, address, cancellationToken).ConfigureAwait(false);
        for (int tries = 1; ; tries++)
        {
            try
            {
                NetworkSocket[] sockets = await OpenAllAsync(network, address, endPoints, options, cancellationToken).ConfigureAwait(false);
                return new SocketListener(network, WithPort(address, sockets[0]), sockets, options);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse
                && endPoints.Length > 1 && endPoints[0] is IPEndPoint { Port: 0 } && tries < FreePortTriesMax)
            {
                // The port that was free for the first was taken for another: take another port.
            }
        }
    }

    /// <summary>The address asked for, with the port it got.</summary>
    public static Address WithPort(Address address, NetworkSocket socket)
    {
        if (socket.LocalEndPoint is not IPEndPoint { Port: int port })
            return address;
        return address.EndPoint switch
        {
            DnsEndPoint name => address.WithEndPoint(new DnsEndPoint(name.Host, port, name.AddressFamily)),
            IPEndPoint ip => address.WithEndPoint(new IPEndPoint(ip.Address, port)),
            _ => address,
        };
    }

    private static async ValueTask<NetworkSocket[]> OpenAllAsync(
        Network network, Address address, EndPoint[] endPoints, ListenerOptions options, CancellationToken cancellationToken)
    {
        List<NetworkSocket> sockets = [];
        SocketException? noFamily = null;
        try
        {
            int port = 0;
            foreach (EndPoint endPoint in endPoints)
            {
                EndPoint local = endPoint is IPEndPoint { Port: 0 } ip && port != 0 ? new IPEndPoint(ip.Address, port) : endPoint;
                try
                {
                    sockets.Add(await OpenAsync(network, address, local, options, cancellationToken).ConfigureAwait(false));
                }
                catch (SocketException e) when (endPoints.Length > 1 && e.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable)
                {
                    // A machine without IPv6 still has the other loopback.
                    noFamily = e;
                    continue;
                }

                port = sockets[^1].LocalEndPoint is IPEndPoint bound ? bound.Port : 0;
            }

            return sockets.Count > 0 ? [.. sockets] : throw noFamily!;
        }
        catch
        {
            foreach (NetworkSocket socket in sockets)
                socket.Dispose();
            throw;
        }
    }

    private static async ValueTask<NetworkSocket> OpenAsync(
        Network network, Address address, EndPoint local, ListenerOptions options, CancellationToken cancellationToken)
    {
        NetworkSocket socket = network.CreateSocket(local.AddressFamily, address.SocketType);
        try
        {
            AddressOptionsSetter.BeforeBind(socket, address, local, options.ReusePort);
            if (options.SendBufferSize is { } send)
                socket.SendBufferSize = send;
            if (options.ReceiveBufferSize is { } receive)
                socket.ReceiveBufferSize = receive;
            if (local is UnixDomainSocketEndPoint path)
                await network.PrepareUnixPathAsync(path, address.SocketType, cancellationToken).ConfigureAwait(false);
            socket.Bind(local);

            // Between bind and listen nobody can connect, so the mode is set before the door opens.
            if (local is UnixDomainSocketEndPoint file && (address.Options.Mode ?? options.UnixFileMode) is { } mode)
                network.SetUnixPathMode(file, mode);
            socket.Listen(address.Options.Backlog ?? options.Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
