namespace Sockeye.Tests.Conformance;

/// <summary>How two datagram sockets come to know each other.</summary>
public enum DatagramKind
{
    Udp4,
    Udp6,
    Unix,
    Abstract,
}
