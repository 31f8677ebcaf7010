using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>The names that resolve, and to what. Its network's lock guards it.</summary>
internal sealed class MemoryNames
{
    private readonly Dictionary<string, IPAddress[]> _addresses = new(StringComparer.OrdinalIgnoreCase);

    public void Set(string name, IPAddress[] addresses) => _addresses[name] = addresses;

    /// <summary>The addresses of a name. The host's own is known unless it was given others.</summary>
    /// <exception cref="SocketException">Nobody knows the name, or it has no address of this family.</exception>
    public IPAddress[] Resolve(string name, AddressFamily family, (string Name, IPAddress[] Addresses) own)
    {
        IPAddress[] fitting = [.. Find(name, own).Where(address => family == AddressFamily.Unspecified || address.AddressFamily == family)];
        return fitting.Length > 0 ? fitting : throw SocketErrors.Create(SocketError.NoData, "resolve", name);
    }

    private IPAddress[] Find(string name, (string Name, IPAddress[] Addresses) own)
    {
        if (IPAddress.TryParse(name, out IPAddress? literal))
            return [literal];
        if (AddressResolver.IsLocalhost(name))
            return [IPAddress.IPv6Loopback, IPAddress.Loopback];
        if (_addresses.TryGetValue(name, out IPAddress[]? addresses))
            return addresses;
        return name.Equals(own.Name, StringComparison.OrdinalIgnoreCase)
            ? own.Addresses
            : throw SocketErrors.Create(SocketError.HostNotFound, "resolve", name, "this network in memory knows the names given to AddName");
    }
}
