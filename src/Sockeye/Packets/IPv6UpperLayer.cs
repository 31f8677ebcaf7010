using System.Net.Sockets;

namespace Sockeye;

/// <summary>What an IPv6 packet carries behind its extension headers.</summary>
public readonly record struct IPv6UpperLayer
{
    /// <summary>The protocol: IANA's number; 59 is "nothing follows", 50 is ESP, whose inside is encrypted.</summary>
    public ProtocolType Protocol { get; init; }

    /// <summary>Where it begins, in bytes from the packet's first.</summary>
    public int Offset { get; init; }

    /// <summary>The packet has a fragment header. A fragment may also be the only one (RFC 6946).</summary>
    public bool IsFragment { get; init; }

    /// <summary>Where this fragment stands in the whole, in bytes. Above zero no header of the protocol stands at <see cref="Offset"/>.</summary>
    public int FragmentOffset { get; init; }

    /// <summary>Further fragments follow this one.</summary>
    public bool MoreFragments { get; init; }

    /// <summary>What the fragments of one packet have in common.</summary>
    public uint Identification { get; init; }
}
