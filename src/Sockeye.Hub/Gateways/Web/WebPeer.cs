using System.Net;
using Sockeye.Hub.Watching;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>Who is at the other end of a page's connection.</summary>
/// <param name="origin">The browser: <see cref="Domain.IChatClient.Origin"/>.</param>
/// <param name="remote">Its end point.</param>
/// <param name="socket">The connection's; null: there is none.</param>
internal sealed class WebPeer(string origin, IPEndPoint remote, NetworkSocket? socket)
{
    public string Origin => origin;

    /// <summary>Its address, as the other doors have it for their clients: <see cref="Domain.IChatClient.Host"/>.</summary>
    public string Host { get; } = AddressKeys.HostOf(remote);

    public string From { get; } = new IPEndPoint(remote.Address.IsIPv4MappedToIPv6 ? remote.Address.MapToIPv4() : remote.Address, remote.Port).ToString();

    /// <summary>What the kernel knows of the connection; null where it tells nothing.</summary>
    public TcpInfo? Kernel => WireFacts.KernelOf(socket);
}
