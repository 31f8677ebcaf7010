using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>What the kernel knows of a TCP connection at one moment (<c>struct tcp_info</c>, tcp(7)).</summary>
public readonly record struct TcpInfo
{
    /// <summary>The connection's state (RFC 9293, 3.3.2).</summary>
    public TcpState State { get; init; }

    /// <summary>The smoothed round trip time (RFC 6298).</summary>
    public TimeSpan RoundTripTime { get; init; }

    /// <summary>Its mean deviation.</summary>
    public TimeSpan RoundTripVariation { get; init; }

    /// <summary>The retransmission timeout.</summary>
    public TimeSpan RetransmissionTimeout { get; init; }

    /// <summary>The largest segment that will be sent, in bytes.</summary>
    public int SendSegmentMax { get; init; }

    /// <summary>The congestion window, in segments (RFC 5681).</summary>
    public int CongestionWindow { get; init; }

    /// <summary>Segments sent and not yet acknowledged.</summary>
    public int Unacknowledged { get; init; }

    /// <summary>Segments retransmitted over the connection's life.</summary>
    public int Retransmits { get; init; }

    /// <summary>The path's maximum transmission unit, in bytes.</summary>
    public int PathMtu { get; init; }

    /// <summary>Reads the kernel's structure, native byte order; fields an older kernel does not have stay zero.</summary>
    internal static TcpInfo Parse(ReadOnlySpan<byte> info) => new()
    {
        State = info.Length > 0 ? (TcpState)info[0] : TcpState.Unknown,
        RetransmissionTimeout = Microseconds(info, 8),
        SendSegmentMax = Integer(info, 16),
        Unacknowledged = Integer(info, 24),
        PathMtu = Integer(info, 60),
        RoundTripTime = Microseconds(info, 68),
        RoundTripVariation = Microseconds(info, 72),
        CongestionWindow = Integer(info, 80),
        Retransmits = Integer(info, 100),
    };

    private static int Integer(ReadOnlySpan<byte> info, int offset) =>
        info.Length >= offset + sizeof(int) ? MemoryMarshal.Read<int>(info[offset..]) : 0;

    private static TimeSpan Microseconds(ReadOnlySpan<byte> info, int offset) => TimeSpan.FromMicroseconds(Integer(info, offset));
}
