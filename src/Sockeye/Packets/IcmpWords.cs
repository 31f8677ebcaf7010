using System.Net.Sockets;

namespace Sockeye;

/// <summary>ICMP's types and codes in words (RFC 792, RFC 1812 section 5.2.7.1, RFC 4443 section 3).</summary>
internal static class IcmpWords
{
    public static string Explain(IcmpHeader header) => header.Kind switch
    {
        IcmpKind.EchoRequest => "asks for an echo",
        IcmpKind.EchoReply => "echoes",
        IcmpKind.DestinationUnreachable => header.AddressFamily == AddressFamily.InterNetwork ? Unreachable4(header.Code) : Unreachable6(header.Code),
        IcmpKind.PacketTooBig => header.NextHopMtu == 0 ? "the packet is too long for the next link" : $"the packet is too long: the next link takes {header.NextHopMtu} bytes",
        IcmpKind.TimeExceeded => header.Code == 0 ? "the time to live ran out" : "not all fragments came in time",
        IcmpKind.ParameterProblem => "a field of the header cannot be",
        IcmpKind.Redirect => "there is a better first router",
        _ => $"type {header.Type}, code {header.Code}",
    };

    private static string Unreachable4(byte code) => code switch
    {
        0 or 6 or 11 => "no route to the network",
        1 or 7 or 12 => "no route to the host",
        2 => "the host does not have that protocol",
        3 => "the port is not open",
        5 => "the source route failed",
        9 or 10 or 13 => "forbidden by a filter",
        _ => $"unreachable, code {code}",
    };

    private static string Unreachable6(byte code) => code switch
    {
        0 => "no route to the network",
        1 or 5 or 6 => "forbidden by a filter",
        2 => "the source address does not reach so far",
        3 => "no route to the host",
        4 => "the port is not open",
        _ => $"unreachable, code {code}",
    };
}
