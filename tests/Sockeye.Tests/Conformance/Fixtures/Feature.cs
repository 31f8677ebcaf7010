namespace Sockeye.Tests.Conformance;

/// <summary>
/// What not every network can do. A test that needs one says so by a <see cref="FeatureFactAttribute"/> or a <see cref="FeatureTheoryAttribute"/>,
/// and does not exist over a network without it; docs/ARCHITECTURE.md says what each lacks.
/// </summary>
[Flags]
public enum Feature
{
    None = 0,
    UnixFiles = 1 << 0,
    AbstractNames = 1 << 1,
    Seqpacket = 1 << 2,
    OutOfBand = 1 << 3,
    Broadcast = 1 << 4,
    Multicast = 1 << 5,
    Raw = 1 << 6,
    Descriptors = 1 << 7,
    PeerCredentials = 1 << 8,
    TcpInfo = 1 << 9,
    Handles = 1 << 10,
    RawOptions = 1 << 11,
    ReusePort = 1 << 12,

    /// <summary>The network can be asked for an end point where nothing answers.</summary>
    Silence = 1 << 13,

    /// <summary>A datagram to a port nobody has bound is reported to a connected sender (ICMP port unreachable).</summary>
    RefusedDatagrams = 1 << 14,

    /// <summary>A poll tells a hang-up or an error apart from readable.</summary>
    HangUps = 1 << 15,

    /// <summary>Unix datagram sockets without a name are given one when they connect.</summary>
    AutomaticNames = 1 << 16,

    /// <summary>A send waits when the receiver of Unix datagrams does not keep up.</summary>
    DatagramBackpressure = 1 << 17,

    /// <summary>Groups of IPv6 can be heard on the interface that multicast is kept to.</summary>
    Multicast6 = 1 << 18,

    /// <summary>Connections give their socket back; those that carry a protocol of their own cannot.</summary>
    Detaching = 1 << 19,

    /// <summary>A few bytes that are written at once on an idle stream are sent at once and read at once: streams promise nothing of the kind, but networks do it.</summary>
    WholeWrites = 1 << 20,

    All = (1 << 21) - 1,
}
