using System.Net;

namespace Sockeye;

/// <summary>A packet that crossed an interface of this machine.</summary>
public sealed record CapturedPacket
{
    /// <summary>
    /// When the kernel saw it, UTC. Linux begins to stamp packets a moment after the first program of the machine wants it: the time of packets in the first
    /// milliseconds of a capture may be that of reading them. Their order is right all the same.
    /// </summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The packet from its IP header on; cut at <see cref="PacketCapture.PacketLengthMax"/> bytes.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Who sent it; of an ICMP error without a port.</summary>
    public required IPEndPoint Source { get; init; }

    /// <summary>Whom it is for; of an ICMP error without a port.</summary>
    public required IPEndPoint Destination { get; init; }

    /// <summary>The filter's remote end sent it, or it is an ICMP error about what was sent to that.</summary>
    public required bool IsFromRemote { get; init; }

    /// <summary>The bytes of data behind the headers. Segments that the network card cuts or joins are seen here as the kernel sees them: long.</summary>
    public required int PayloadLength { get; init; }

    /// <summary>Of TCP: its header.</summary>
    public TcpHeader? Tcp { get; init; }

    /// <summary>Of TCP: the sequence number counted from its direction's SYN, which has 0; null: that SYN was not seen.</summary>
    public uint? RelativeSequenceNumber { get; init; }

    /// <summary>Of TCP: the acknowledgment number counted from the other direction's SYN; null: not seen, or none is acknowledged.</summary>
    public uint? RelativeAcknowledgmentNumber { get; init; }

    /// <summary>Of an ICMP or ICMPv6 error about a packet of the conversation: its header.</summary>
    public IcmpHeader? Icmp { get; init; }

    /// <summary>Of an ICMP error: who sent the packet that it is about.</summary>
    public IPEndPoint? QuotedSource { get; init; }

    /// <summary>Of an ICMP error: whom that packet was for.</summary>
    public IPEndPoint? QuotedDestination { get; init; }
}
