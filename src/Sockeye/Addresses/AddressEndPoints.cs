using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Brings end points from elsewhere into the form that parsing would have given them.</summary>
internal static class AddressEndPoints
{
    /// <exception cref="ArgumentException">The end point does not fit the scheme.</exception>
    public static EndPoint Normalize(EndPoint endPoint, AddressScheme scheme) => endPoint switch
    {
        UnixDomainSocketEndPoint when scheme.IsUnix => endPoint,
        // A copy, because an IPEndPoint can be changed by whoever else holds it.
        IPEndPoint ip when Fits(ip.AddressFamily, scheme) => new IPEndPoint(ip.Address, Port(ip.Port, scheme)),
        DnsEndPoint dns => Normalize(dns, scheme),
        _ => throw Misfit(endPoint, scheme),
    };

    private static EndPoint Normalize(DnsEndPoint endPoint, AddressScheme scheme)
    {
        bool familySaid = endPoint.AddressFamily == scheme.Family || endPoint.AddressFamily == AddressFamily.Unspecified;
        if (scheme.IsUnix || !familySaid || endPoint.Host == HostText.Any)
            throw Misfit(endPoint, scheme);
        string host = HostText.IsIPv6(endPoint.Host) ? $"[{endPoint.Host}]" : endPoint.Host;
        return HostText.Read(host, Port(endPoint.Port, scheme), scheme, out EndPoint? normal) is { } problem
            ? throw new ArgumentException($"The end point {Display.Quote(endPoint.ToString())} is not valid: {problem}.", nameof(endPoint))
            : normal!;
    }

    private static bool Fits(AddressFamily family, AddressScheme scheme) =>
        !scheme.IsUnix && (scheme.Family == AddressFamily.Unspecified || scheme.Family == family);

    private static int Port(int port, AddressScheme scheme) => scheme.Kind == AddressKind.HostOnly ? 0 : port;

    private static ArgumentException Misfit(EndPoint endPoint, AddressScheme scheme) =>
        new($"The end point {Display.Quote(endPoint.ToString() ?? "")} does not fit {scheme.Name}://.", nameof(endPoint));
}
