using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>End points from and to the bytes that sockets deal in.</summary>
public static class EndPoints
{
    private static readonly IPEndPoint AnyV4 = new(IPAddress.Any, 0);
    private static readonly IPEndPoint AnyV6 = new(IPAddress.IPv6Any, 0);
    private static readonly UnixDomainSocketEndPoint AnyUnix = new("/");

    /// <summary>The end point that <paramref name="address"/> holds: an IPv4, IPv6 or Unix one.</summary>
    /// <exception cref="ArgumentException">It holds another family, or was never filled.</exception>
    public static EndPoint FromAddress(SocketAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Family switch
        {
            AddressFamily.InterNetwork => AnyV4.Create(address),
            AddressFamily.InterNetworkV6 => AnyV6.Create(address),
            AddressFamily.Unix => AnyUnix.Create(address),
            _ => throw new ArgumentException($"The address family {address.Family} is none that sockets here have.", nameof(address)),
        };
    }

    /// <summary>The end point that <paramref name="address"/> holds, or null: a Unix sender without a name of its own has none.</summary>
    internal static EndPoint? TryFromAddress(SocketAddress address) =>
        address.Size > sizeof(ushort) && address.Family is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 or AddressFamily.Unix ? FromAddress(address) : null;

    /// <summary>An IPv4 end point that came mapped into IPv6 (::ffff:a.b.c.d, RFC 4291) as the plain one; others as they are.</summary>
    public static EndPoint Unmap(EndPoint endPoint) =>
        endPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } ip ? new IPEndPoint(ip.Address.MapToIPv4(), ip.Port) : endPoint;

    /// <summary>The end point of any port on any address of a family: what an unbound socket binds to.</summary>
    internal static EndPoint Any(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? AnyV6 : AnyV4;
}
