namespace Sockeye;

/// <summary>An IP packet out of a pcap or pcapng file, as <see cref="PcapReader"/> finds it.</summary>
public sealed record PcapPacket
{
    /// <summary>When it was captured, cut to 100 ns; 1970 where the file does not say.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The packet from its IP header on, as much as was captured; bytes of the link below it may follow.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>So many bytes at its end were not captured.</summary>
    public int MissingLength { get; init; }

    /// <summary>The machine that captured sent it (true) or received it (false); null where the file does not say.</summary>
    public bool? IsOutbound { get; init; }

    /// <summary>The interface's number over the whole file, from 0.</summary>
    public int Interface { get; init; }

    /// <summary>The interface's name, if it has one.</summary>
    public string? InterfaceName { get; init; }

    /// <summary>What is said about it.</summary>
    public IReadOnlyList<string> Comments { get; init; } = [];
}
