using System.Buffers.Binary;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>A UDP datagram seen in its bytes (RFC 768).</summary>
public readonly ref struct UdpView
{
    internal const int DestinationPortOffset = 2;
    internal const int LengthOffset = 4;
    internal const int ChecksumOffset = 6;
    internal const int HeaderLength = 8;

    private UdpView(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The datagram with its header, without what may have followed it.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The sender's port.</summary>
    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(Bytes);

    /// <summary>The receiver's port.</summary>
    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(Bytes[DestinationPortOffset..]);

    /// <summary>The length of header and payload in bytes.</summary>
    public int Length => Bytes.Length;

    /// <summary>The checksum as it stands there; zero: none.</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(Bytes[ChecksumOffset..]);

    /// <summary>What the datagram carries.</summary>
    public ReadOnlySpan<byte> Payload => Bytes[HeaderLength..];

    /// <summary>Sees a datagram in <paramref name="bytes"/>, if its length is right.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out UdpView view, out PacketFault fault)
    {
        view = default;
        fault = PacketFault.TooShort;
        if (bytes.Length < HeaderLength)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[LengthOffset..]);
        fault = length < HeaderLength || length > bytes.Length ? PacketFault.BadLength : PacketFault.None;
        if (fault != PacketFault.None)
            return false;
        view = new UdpView(bytes[..length]);
        return true;
    }

    /// <summary>The checksum is right, or absent where that is allowed: over IPv4 (RFC 768), not over IPv6 (RFC 8200 section 8.1).</summary>
    public bool IsChecksumValid(PseudoHeader pseudoHeader) => Checksum == 0
        ? pseudoHeader.AddressFamily == AddressFamily.InterNetwork
        : pseudoHeader.Checksum(ProtocolType.Udp, Bytes) == 0;
}
