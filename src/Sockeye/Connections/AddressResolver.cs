using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>The end points behind an address on a network: a name becomes its addresses there.</summary>
internal static class AddressResolver
{
    private const string Localhost = "localhost";

    public static async ValueTask<EndPoint[]> ResolveAsync(Network network, Address address, CancellationToken cancellationToken)
    {
        if (address.EndPoint is not DnsEndPoint name)
            return [address.EndPoint];
        IPAddress[] addresses = IsLocalhost(name.Host)
            ? [.. new[] { IPAddress.IPv6Loopback, IPAddress.Loopback }.Where(ip => name.AddressFamily is AddressFamily.Unspecified || ip.AddressFamily == name.AddressFamily)]
            : await network.ResolveAsync(name.Host, name.AddressFamily, cancellationToken).ConfigureAwait(false);
        return [.. addresses.Distinct().Select(ip => new IPEndPoint(ip, name.Port))];
    }

    /// <summary>RFC 6761, 6.3: localhost is always the loopback, whatever a name server or a hosts file says.</summary>
    public static bool IsLocalhost(string host) => host.Equals(Localhost, StringComparison.OrdinalIgnoreCase);
}
