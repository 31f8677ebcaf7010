using System.Net.Sockets;

namespace Sockeye;

/// <summary>Writes the canonical text of an address: what <see cref="AddressParser"/> reads back to an equal one.</summary>
internal static class AddressPrinter
{
    public static string Print(Address address, AddressScheme scheme)
    {
        string place = address.EndPoint is UnixDomainSocketEndPoint unix
            ? UnixPath.Print(UnixPath.GetBytes(unix))
            : HostText.Print(address.EndPoint, scheme) + PrintPort(address, scheme);
        string options = address.Options.ToString();
        return $"{scheme.Name}://{place}{address.Path}{(options.Length == 0 ? "" : "?")}{options}";
    }

    private static string PrintPort(Address address, AddressScheme scheme) =>
        scheme.Kind == AddressKind.HostOnly || address.Port == scheme.DefaultPort ? "" : $":{address.Port}";
}
