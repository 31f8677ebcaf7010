using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Sockeye.Hub;

/// <summary>Where others reach a door that listens on all interfaces of this machine.</summary>
internal static class InterfaceAddresses
{
    /// <summary>How many of the machine's addresses are told: nobody tries more.</summary>
    private const int AddressesMax = 8;

    /// <summary>The addresses that a hub on all interfaces tells: those it was given, else the machine's.</summary>
    public static IReadOnlyList<IPAddress> Told(HubOptions options) => options.Advertise is { } given ? Read(given) ?? [] : OfThisMachine();

    /// <summary>Addresses between commas; null: one of them is none.</summary>
    public static IReadOnlyList<IPAddress>? Read(string given)
    {
        List<IPAddress> read = [];
        foreach (string text in given.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!IPAddress.TryParse(text, out IPAddress? address))
                return null;
            read.Add(address);
        }

        return read;
    }

    /// <summary>The machine's addresses that others can use, the likeliest first.</summary>
    public static IReadOnlyList<IPAddress> OfThisMachine() => Choose(
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .Select(card => card.GetIPProperties())
            .SelectMany(card => card.UnicastAddresses.Select(own => (own.Address, HasGateway: card.GatewayAddresses.Count > 0))));

    /// <summary>Those of <paramref name="all"/> that others can use, by how likely that is: where there is a way out, where the network gave it, IPv4.</summary>
    /// <param name="all">Addresses, and whether a gateway is behind their interface.</param>
    public static IReadOnlyList<IPAddress> Choose(IEnumerable<(IPAddress Address, bool HasGateway)> all) =>
    [
        .. all.Where(own => !IPAddress.IsLoopback(own.Address) && !own.Address.IsIPv6LinkLocal && !own.Address.IsIPv6Multicast)
            .OrderBy(own => !own.HasGateway)
            .ThenBy(own => IsSelfAssigned(own.Address))
            .ThenBy(own => own.Address.AddressFamily == AddressFamily.InterNetworkV6)
            .Select(own => own.Address)
            .Distinct()
            .Take(AddressesMax),
    ];

    /// <summary>A door's address, once for each of the machine's if it is on all interfaces; not at all if it is on one.</summary>
    /// <param name="door">As a hub names it: <c>tcp://[::]:8888</c>.</param>
    /// <param name="machine">The machine's addresses.</param>
    public static IEnumerable<string> Expand(string door, IEnumerable<IPAddress> machine)
    {
        if (!Address.TryParse(door, out Address? address) || AnyOf(address) is not { } any)
            return [];
        bool takesAll = any.Equals(IPAddress.IPv6Any) && address.Options.IPv6Only != true && !address.Scheme.EndsWith('6');
        return machine
            .Where(own => takesAll || own.AddressFamily == any.AddressFamily)
            .Select(own => At(address, own));
    }

    /// <summary>Whether a door is on all interfaces.</summary>
    public static bool IsOnAll(string door) => Address.TryParse(door, out Address? address) && AnyOf(address) is not null;

    /// <summary>The same door as this machine itself reaches it: a browser cannot go to no address.</summary>
    public static string OnLoopback(string door) => IsOnAll(door) ? At(Address.Parse(door), IPAddress.Loopback) : door;

    /// <summary>The same door as it is reached at one of the machine's addresses.</summary>
    public static string At(string door, IPAddress own) => At(Address.Parse(door), own);

    /// <summary>Without the slash that a page's address ends in, so that a path can follow.</summary>
    private static string At(Address address, IPAddress own) => address.WithEndPoint(new IPEndPoint(own, address.Port)).ToString().TrimEnd('/');

    private static IPAddress? AnyOf(Address address) =>
        address.EndPoint is IPEndPoint { Address: var ip } && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)) ? ip : null;

    /// <summary>169.254.0.0/16: the network gave none (RFC 3927).</summary>
    private static bool IsSelfAssigned(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..];
}
