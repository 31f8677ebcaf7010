using System.Globalization;
using System.Net;

namespace Sockeye.Interop.Tests.Peers;

/// <summary>Addresses as the programs print and take them.</summary>
internal static class PeerAddresses
{
    /// <summary>What a Python server of ours prints: <c>listening on 127.0.0.1:4711</c>, or a path.</summary>
    public static async Task<Address> PythonAddressAsync(this Peer server, string scheme) =>
        $"{scheme}://{await server.LineAfterAsync("listening on ")}";

    /// <summary>What a server of <c>samples</c> prints.</summary>
    public static async Task<Address> SampleAddressAsync(this Peer server) => await server.LineAfterAsync("Listening on ");

    /// <summary>What <c>sockeye serve</c> prints, for each of its addresses.</summary>
    public static async Task<Address> ServedAddressAsync(this Peer server) => await server.ErrorLineAfterAsync("listening on ");

    /// <summary>What <c>nc -v -n -l</c> prints: <c>Listening on 127.0.0.1 4711</c>; with <c>-u</c> <c>Bound on</c>.</summary>
    public static async Task<Address> NetcatAddressAsync(this Peer server, string scheme)
    {
        string verb = scheme == "udp" ? "Bound on " : "Listening on ";
        return $"{scheme}://{(await server.ErrorLineAfterAsync(verb)).Replace(' ', ':')}";
    }

    /// <summary>Host and port as two arguments.</summary>
    public static string[] HostAndPort(this Address address) =>
        [address.Host, address.Port.ToString(CultureInfo.InvariantCulture)];

    /// <summary>The path of a Unix address.</summary>
    public static string UnixPath(this Address address) => address.EndPoint.ToString()!;

    /// <summary>The first IP end point of a listener, as an address.</summary>
    public static Address IPAddressOf(this Listener listener) => Address.FromEndPoint(listener.LocalEndPoints.OfType<IPEndPoint>().First());
}
