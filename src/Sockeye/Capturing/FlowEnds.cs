using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>The two ends of a flow, of one family: the observed socket's and its peer's.</summary>
internal readonly record struct FlowEnds
{
    /// <summary>Brings two end points to one family: those that are mapped into IPv6 are IPv4, and the unspecified address is that of either.</summary>
    public FlowEnds(IPEndPoint near, IPEndPoint far)
    {
        near = (IPEndPoint)EndPoints.Unmap(near);
        far = (IPEndPoint)EndPoints.Unmap(far);
        if (near.AddressFamily != far.AddressFamily)
        {
            near = ToFamilyOf(far, near);
            far = ToFamilyOf(near, far);
        }

        // What a socket bound to every address uses is not told; on loopback it is what the peer uses.
        if (IsUnspecified(near.Address) && IPAddress.IsLoopback(far.Address))
            near = new IPEndPoint(far.Address, near.Port);
        Near = near;
        Far = far;
    }

    /// <summary>The observed socket's.</summary>
    public IPEndPoint Near { get; }

    /// <summary>Its peer's.</summary>
    public IPEndPoint Far { get; }

    /// <summary>The same flow, observed at its other end.</summary>
    public FlowEnds Mirrored => new(Far, Near);

    private static IPEndPoint ToFamilyOf(IPEndPoint other, IPEndPoint end)
    {
        if (other.AddressFamily == end.AddressFamily)
            return end;
        if (IsUnspecified(end.Address))
            return new IPEndPoint(other.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, end.Port);
        return end.AddressFamily == AddressFamily.InterNetwork ? new IPEndPoint(end.Address.MapToIPv6(), end.Port) : end;
    }

    private static bool IsUnspecified(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
