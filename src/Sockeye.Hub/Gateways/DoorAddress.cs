using System.Net;
using System.Net.Sockets;

namespace Sockeye.Hub.Gateways;

/// <summary>Where a door shall be.</summary>
internal static class DoorAddress
{
    /// <summary>How many ports above a default one are tried.</summary>
    private const int PortsTried = 100;

    /// <summary>
    /// Opens a door where it was asked for; where nothing was, at its default, or if that is taken at the next port that is free, and says so.
    /// </summary>
    /// <param name="asked">What the options say: an address, null, or not <see cref="HubOptions.Off"/>.</param>
    /// <param name="byDefault">Its default.</param>
    /// <param name="options">Where <see cref="HubOptions.Lan"/> is, and who is told.</param>
    /// <param name="open">Listens at an address.</param>
    public static async ValueTask<T> OpenAsync<T>(string? asked, string byDefault, HubOptions options, Func<Address, ValueTask<T>> open)
    {
        if (asked is not null)
            return await open(Address.Parse(asked)).ConfigureAwait(false);
        Address wanted = Address.Parse(options.Lan ? byDefault.Replace("127.0.0.1", "*", StringComparison.Ordinal) : byDefault);
        SocketException? taken = null;
        for (int i = 0; ; i++)
        {
            Address address = i == 0 ? wanted : AtPort(wanted, wanted.Port + i);
            try
            {
                T opened = await open(address).ConfigureAwait(false);
                if (i > 0)
                    options.OnNotice?.Invoke($"port {wanted.Port} is taken{HolderIn(taken)}: {Name(address)} instead of {Name(wanted)}");
                return opened;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && i < PortsTried)
            {
                taken ??= e;
            }
        }
    }

    /// <summary>An end point as an address to reach it by.</summary>
    public static IEnumerable<string> NamesOf(Address address, IReadOnlyList<EndPoint> endPoints) =>
        endPoints.Select(endPoint => endPoint is IPEndPoint ? address.WithEndPoint(endPoint).ToString() : address.ToString());

    /// <summary>Who has the port, as far as the network's own sentence says it: ", python3 (process 123) has it".</summary>
    private static string HolderIn(SocketException? error) =>
        error?.Message.Split("; ").FirstOrDefault(part => part.EndsWith(" has it", StringComparison.Ordinal)) is { } holder ? ", " + holder : "";

    /// <summary>Without the slash that a page's address ends in.</summary>
    private static string Name(Address address) => address.ToString().TrimEnd('/');

    private static Address AtPort(Address address, int port) =>
        address.EndPoint is IPEndPoint ip ? address.WithEndPoint(new IPEndPoint(ip.Address, port)) : address.WithEndPoint(new DnsEndPoint(address.Host, port));
}
