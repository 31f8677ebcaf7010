using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Opens datagram sockets over the sockets of any network.</summary>
internal static class DatagramFactory
{
    public static async ValueTask<DatagramSocket> OpenAsync(Network network, Address local, CancellationToken cancellationToken)
    {
        CheckKind(local);
        EndPoint[] endPoints = await AddressResolver.ResolveAsync(network, local, cancellationToken).ConfigureAwait(false);
        NetworkSocket[] sockets = await SamePort.OpenAsync(endPoints, end => BindAsync(network, local, end, cancellationToken)).ConfigureAwait(false);
        return new NetworkDatagramSocket(network, ListenerFactory.WithPort(local, sockets[0]), sockets, remote: null);
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
            AddressOptionsSetter.BeforeConnect(socket, remote);
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

    private static void CheckKind(Address address) => SocketKinds.Require(address, connections: false, "has no datagrams: use ListenAsync or ConnectAsync");

    private static async ValueTask<NetworkSocket> BindAsync(Network network, Address address, EndPoint local, CancellationToken cancellationToken)
    {
        NetworkSocket socket = network.CreateSocket(local.AddressFamily, address.SocketType, address.ProtocolType);
        try
        {
            AddressOptionsSetter.BeforeBind(socket, address, local);
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
