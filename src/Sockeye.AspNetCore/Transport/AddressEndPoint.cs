using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>An address as Kestrel passes it on to its transport: an end point with everything that the address's options say.</summary>
internal sealed class AddressEndPoint : EndPoint
{
    /// <exception cref="ArgumentException">The address takes no connections of plain bytes.</exception>
    public AddressEndPoint(Address address)
    {
        if (address.SocketType != SocketType.Stream || address.Path.Length > 0)
            throw new ArgumentException($"{address}: Kestrel listens at streams: tcp://, tls://, unix:// and abstract://.", nameof(address));
        Address = address;
    }

    public Address Address { get; }

    public override AddressFamily AddressFamily => Address.EndPoint.AddressFamily;

    /// <summary>As Kestrel shows it behind <c>http://</c>.</summary>
    public override string ToString() => Address.EndPoint is UnixDomainSocketEndPoint unix ? $"unix:{unix}" : Address.EndPoint.ToString()!;
}
