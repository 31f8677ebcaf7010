namespace Sockeye;

/// <summary>The kinds of capture files.</summary>
internal enum PcapFileKind
{
    /// <summary>Nothing was read yet.</summary>
    Unknown,

    /// <summary>One header, then packets.</summary>
    Pcap,

    /// <summary>Blocks.</summary>
    Pcapng,
}
