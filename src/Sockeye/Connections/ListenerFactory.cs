using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Opens listeners over the sockets of any network.</summary>
internal static class ListenerFactory
{
    public static async ValueTask<Listener> ListenAsync(Network network, Address address, ListenerOptions options, CancellationToken cancellationToken)
    {
        SocketKinds.Require(address, connections: true, "takes no connections: open it with OpenDatagramAsync");
        ConnectionProtocols.ThrowIfUnprepared(address, options);
        EndPoint[] endPoints = await AddressResolver.ResolveAsync(network, address, cancellationToken).ConfigureAwait(false);
        NetworkSocket[] sockets = await SamePort.OpenAsync(endPoints, local => OpenAsync(network, address, local, options, cancellationToken)).ConfigureAwait(false);
        sockets = Spread(network, address, sockets, options);
        return ConnectionProtocols.Listen(new SocketListener(network, WithPort(address, sockets[0]), sockets, options), options);
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

    /// <summary>Adds the sockets that accept beside each, where the network has them.</summary>
    private static NetworkSocket[] Spread(Network network, Address address, NetworkSocket[] listening, ListenerOptions options)
    {
        List<NetworkSocket> all = [.. listening];
        try
        {
            foreach (NetworkSocket first in listening)
            {
                for (int i = 1; network.CreateShard(first, i) is { } shard; i++)
                {
                    all.Add(shard);
                    EndPoint local = first.LocalEndPoint!;
                    AddressOptionsSetter.BeforeBind(shard, address, local, options);
                    shard.IsForRelay = options.IsForRelay;
                    shard.Bind(local);
                    shard.Listen(address.Options.Backlog ?? options.Backlog);

                    // Who watches has been told of the first; of this one only what it accepts is news.
                    if (first.Observer is { } observer)
                        shard.Observer = new ShardObserver(first, observer);
                }
            }
        }
        catch
        {
            foreach (NetworkSocket socket in all)
                socket.Dispose();
            throw;
        }

        return [.. all];
    }

    private static async ValueTask<NetworkSocket> OpenAsync(
        Network network, Address address, EndPoint local, ListenerOptions options, CancellationToken cancellationToken)
    {
        NetworkSocket socket = network.CreateSocket(local.AddressFamily, address.SocketType);
        try
        {
            socket.AddObserver(options.Observer, isNew: true);
            socket.IsForRelay = options.IsForRelay;
            AddressOptionsSetter.BeforeBind(socket, address, local, options);
            if (options.ReusePort)
                socket.ReusePort = true;
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
