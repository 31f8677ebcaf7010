using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Opens datagram sockets over the sockets of any network.</summary>
internal static class DatagramFactory
{
    private const int FreePortTriesMax = 16;

    public static async ValueTask<DatagramSocket> OpenAsync(Network network, Address local, CancellationToken cancellationToken)
    {
        CheckKind(local);
        EndPoint[] endPoints = await AddressResolver.ResolveAsync(network, local, cancellationToken).ConfigureAwait(false);
        for (int tries = 1; ; tries++)
        {
            try
            {
                NetworkSocket[] sockets = await BindAllAsync(network, local, endPoints, cancellationToken).ConfigureAwait(false);
                return new NetworkDatagramSocket(network, ListenerFactory.WithPort(local, sockets[0]), sockets, remote: null);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse
                && endPoints.Length > 1 && endPoints[0] is IPEndPoint { Port: 0 } && tries < FreePortTriesMax)
            {
                // Free for the first, taken for another: take another port.
            }
        }
    }

    public static async ValueTask<DatagramSocket> ConnectAsync(Network network, Address remote, CancellationToken cancellationToken)
    {
        CheckKind(remote);
        EndPoint[] endPoints = await AddressResolver.ResolveAsync(network, remote, cancellationToken).ConfigureAwait(false);

        // Nothing answers a connect of datagrams, so there is nothing to race: a name's IPv4 address, where there is one, is the likelier to be heard.
        EndPoint target = endPoints.FirstOrDefault(e => e.AddressFamily == AddressFamily.InterNetwork) ?? endPoints[0];
        NetworkSocket socket = network.CreateSocket(target.AddressFamily, remote.SocketType, remote.ProtocolType);
        try
        {
            AddressOptionsSetter.Common(socket, remote);
            if (target is UnixDomainSocketEndPoint)
            {
                // Without a name of its own nobody could answer it.
                socket.BindAutomatically();
            }

            await socket.ConnectAsync(target, cancellationToken).ConfigureAwait(false);
            return new NetworkDatagramSocket(network, remote, [socket], target);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void CheckKind(Address address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.SocketType != SocketType.Dgram)
            throw new NotSupportedException($"{address} has no datagrams: use ListenAsync or ConnectAsync.");
    }

    private static async ValueTask<NetworkSocket[]> BindAllAsync(Network network, Address address, EndPoint[] endPoints, CancellationToken cancellationToken)
    {
        List<NetworkSocket> sockets = [];
        try
        {
            int port = 0;
            SocketException? noFamily = null;
            foreach (EndPoint endPoint in endPoints)
            {
                EndPoint local = endPoint is IPEndPoint { Port: 0 } ip && port != 0 ? new IPEndPoint(ip.Address, port) : endPoint;
                try
                {
                    sockets.Add(await BindAsync(network, address, local, cancellationToken).ConfigureAwait(false));
                    port = sockets[^1].LocalEndPoint is IPEndPoint bound ? bound.Port : 0;
                }
                catch (SocketException e) when (endPoints.Length > 1 && e.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable)
                {
                    noFamily = e;
                }
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

    private static async ValueTask<NetworkSocket> BindAsync(Network network, Address address, EndPoint local, CancellationToken cancellationToken)
    {
        NetworkSocket socket = network.CreateSocket(local.AddressFamily, address.SocketType, address.ProtocolType);
        try
        {
            AddressOptionsSetter.BeforeBind(socket, address, local, reusePort: false);
            if (local is UnixDomainSocketEndPoint path)
                await network.PrepareUnixPathAsync(path, address.SocketType, cancellationToken).ConfigureAwait(false);
            socket.Bind(local);
            if (local is UnixDomainSocketEndPoint file && address.Options.Mode is { } mode)
                network.SetUnixPathMode(file, mode);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
