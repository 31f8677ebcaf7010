using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Applies what an address's options say ("?nodelay=true") to a socket.</summary>
internal static class AddressOptionsSetter
{
    public static void BeforeBind(NetworkSocket socket, Address address, EndPoint local, StreamOptions? defaults = null)
    {
        // The wildcard of IPv6 means every interface of both families unless v6only says otherwise; any other IPv6 address is itself.
        if (socket.AddressFamily == AddressFamily.InterNetworkV6)
            socket.DualMode = local is IPEndPoint ip && ip.Address.Equals(IPAddress.IPv6Any) && address.Scheme is not ("tcp6" or "udp6") && address.Options.IPv6Only != true;
        if (address.Options.ReusePort == true)
            socket.ReusePort = true;
        BeforeConnect(socket, address, defaults);
    }

    public static void BeforeConnect(NetworkSocket socket, Address address, StreamOptions? defaults = null)
    {
        AddressOptions options = address.Options;
        if ((options.SendBufferSize ?? defaults?.SendBufferSize) is { } send)
            socket.SendBufferSize = send;
        if ((options.ReceiveBufferSize ?? defaults?.ReceiveBufferSize) is { } receive)
            socket.ReceiveBufferSize = receive;
        if (options.TimeToLive is { } hops)
            socket.TimeToLive = hops;
        if (options.Broadcast is { } broadcast)
            socket.Broadcast = broadcast;
        if (options.ReceiveOffload == true)
            socket.CoalesceReceived();
        if (options.KeepAlive is { } idle)
        {
            // Accepted sockets inherit it from the listening one.
            socket.KeepAlive = true;
            socket.KeepAliveTime = idle;
        }
    }

    /// <summary>The stream options of an address and those of its caller as one.</summary>
    public static T Merge<T>(Address address, T options)
        where T : StreamOptions =>
        address.Options.NoDelay is { } noDelay && noDelay != options.NoDelay ? options with { NoDelay = noDelay } : options;
}
