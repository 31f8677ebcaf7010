using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Which packets are captured: those between a remote end point and, where it is given, a local one, in both directions, and ICMP errors about them.</summary>
/// <param name="Remote">One end: its address, and its port unless that is 0.</param>
public sealed record PacketFilter(IPEndPoint Remote)
{
    /// <summary>The other end; null for any. An address of zeros is any address, port 0 any port.</summary>
    public IPEndPoint? Local { get; init; }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; init; } = ProtocolType.Tcp;
}
