using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Which addresses exist: the loopbacks, and those that were added. Its network's lock guards it.</summary>
internal sealed class MemoryAddresses
{
    private static readonly IPAddress LoopbackBroadcast = IPAddress.Parse("127.255.255.255");

    private readonly List<IPAddress> _added = [];

    public void Add(IPAddress address)
    {
        if (!Exists(address))
            _added.Add(address);
    }

    public IReadOnlyList<IPAddress> Added => _added;

    /// <summary>Whether somebody could be there: an address of an interface.</summary>
    public bool Exists(IPAddress address) => (IPAddress.IsLoopback(address) && !IsBroadcast(address)) || _added.Contains(address);

    public bool CanBind(IPAddress address, SocketType type) =>
        IsWildcard(address) || Exists(address) || (type == SocketType.Dgram && (IsMulticast(address) || IsBroadcast(address)));

    /// <summary>The address that what goes to <paramref name="destination"/> comes from, as an operating system's routes choose it.</summary>
    public IPAddress SourceFor(IPAddress destination)
    {
        bool v4 = destination.AddressFamily == AddressFamily.InterNetwork;
        IPAddress loopback = v4 ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        if (IPAddress.IsLoopback(destination))
            return loopback;
        if (_added.Contains(destination))
            return destination;
        return _added.Find(address => address.AddressFamily == destination.AddressFamily) ?? loopback;
    }

    public static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    public static bool IsBroadcast(IPAddress address) => address.Equals(IPAddress.Broadcast) || address.Equals(LoopbackBroadcast);

    public static bool IsMulticast(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6
            ? address.IsIPv6Multicast
            : (address.GetAddressBytes()[0] & 0xF0) == 0xE0; // 224.0.0.0/4 (RFC 5771)

    /// <summary>Sending to the wildcard means this host, as on Linux.</summary>
    public static IPEndPoint Destination(IPEndPoint remote)
    {
        if (remote.Address.Equals(IPAddress.Any))
            return new IPEndPoint(IPAddress.Loopback, remote.Port);
        return remote.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.IPv6Loopback, remote.Port) : remote;
    }
}
