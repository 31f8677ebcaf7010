using System.Net;
using Sockeye.Hub.Running;

namespace Sockeye.Hub.Gateways;

/// <summary>What a gateway is given of the hub.</summary>
/// <param name="Loop">Where to ask.</param>
/// <param name="Network">Where to listen, and whose clock counts.</param>
/// <param name="Options">What the hub was told.</param>
internal sealed record GatewayContext(HubLoop Loop, Network Network, HubOptions Options)
{
    /// <summary>The address of the page, for doors that point to it; null while there is none.</summary>
    public string? PageAddress { get; set; }

    /// <summary>Whether the page is on all interfaces, so that it is wherever one is already.</summary>
    public bool IsPageOnAll { get; set; }

    /// <summary>The page's address for somebody who has come to <paramref name="local"/>: the loopback of a phone is the phone itself.</summary>
    public string? PageAddressAt(EndPoint? local) =>
        IsPageOnAll && PageAddress is { } page && local is not null && EndPoints.Unmap(local) is IPEndPoint { Address: var own } && !IPAddress.IsLoopback(own) ? InterfaceAddresses.At(page, own) : PageAddress;
}
