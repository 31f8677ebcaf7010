namespace Sockeye;

/// <summary>What stands before the IP header of a captured packet: the numbers of tcpdump.org/linktypes.html that are read here.</summary>
internal enum PcapLinkType
{
    /// <summary>The address family in four bytes, in the byte order of the machine that captured (BSD loopback).</summary>
    Null = 0,

    /// <summary>Ethernet.</summary>
    Ethernet = 1,

    /// <summary>Nothing; 12 in files of some systems.</summary>
    RawOld = 12,

    /// <summary>Nothing.</summary>
    Raw = 101,

    /// <summary>The address family in four bytes, big-endian (OpenBSD loopback).</summary>
    Loop = 108,

    /// <summary>Linux's "any" interface: 16 bytes.</summary>
    LinuxSll = 113,

    /// <summary>Nothing, IPv4 only.</summary>
    IPv4 = 228,

    /// <summary>Nothing, IPv6 only.</summary>
    IPv6 = 229,

    /// <summary>Linux's "any" interface, second version: 20 bytes.</summary>
    LinuxSll2 = 276,
}
