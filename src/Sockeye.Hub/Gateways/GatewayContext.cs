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
}
