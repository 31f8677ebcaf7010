namespace Sockeye;

/// <summary>How echo requests are made.</summary>
public sealed record IcmpEchoOptions
{
    /// <summary>The bytes of data unless told: with the ICMP header 64.</summary>
    public const int PayloadLengthDefault = 56;

    /// <summary>The most bytes of data: what an IPv4 packet has room for.</summary>
    public const int PayloadLengthMax = IPv4Header.PacketLengthMax - IPv4Header.LengthMin - IcmpView.HeaderLength;

    /// <summary>The bytes of data in a request: 0 to <see cref="PayloadLengthMax"/>. The first eight are a nonce that tells our echoes from a stranger's.</summary>
    public int PayloadLength { get; init; } = PayloadLengthDefault;

    /// <summary>The time to live, IPv6's hop limit, of requests: 1 to 255; null for the system's.</summary>
    public int? TimeToLive { get; init; }

    /// <summary>What the target is called, if not by its address: errors name both, as in "localhost (127.0.0.1)".</summary>
    public string? HostName { get; init; }
}
