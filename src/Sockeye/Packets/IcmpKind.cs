namespace Sockeye;

/// <summary>What an ICMP message says, whichever of the two protocols says it.</summary>
public enum IcmpKind
{
    /// <summary>Something that has no name here.</summary>
    Other,

    /// <summary>Asks for an echo.</summary>
    EchoRequest,

    /// <summary>The echo.</summary>
    EchoReply,

    /// <summary>A packet could not be delivered.</summary>
    DestinationUnreachable,

    /// <summary>A packet was too long for a link and must not, or in IPv6 cannot, be cut. In ICMP that is destination unreachable, code 4.</summary>
    PacketTooBig,

    /// <summary>A packet passed too many routers, or not all of its fragments came.</summary>
    TimeExceeded,

    /// <summary>A header has a field that cannot be.</summary>
    ParameterProblem,

    /// <summary>There is a better first router.</summary>
    Redirect,
}
