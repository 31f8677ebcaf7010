using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>An IPv4 packet seen in its bytes (RFC 791 section 3.1): no field is read before it is asked for, and nothing is copied.</summary>
/// <remarks>The checksum is not looked at by parsing: see <see cref="IsChecksumValid"/>. To keep a header beyond its bytes, parse an <see cref="IPv4Header"/>.</remarks>
public readonly ref struct IPv4View
{
    internal const int TrafficClassOffset = 1;
    internal const int TotalLengthOffset = 2;
    internal const int IdentificationOffset = 4;
    internal const int FragmentOffsetOffset = 6;
    internal const int TimeToLiveOffset = 8;
    internal const int ProtocolOffset = 9;
    internal const int ChecksumOffset = 10;
    internal const int SourceOffset = 12;
    internal const int DestinationOffset = 16;
    internal const int OptionsOffset = 20;
    internal const int DontFragmentBit = 0x4000;
    internal const int MoreFragmentsBit = 0x2000;
    internal const int FragmentOffsetMask = 0x1FFF;

    private IPv4View(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The packet, without what may have followed it in the buffer (Ethernet pads short ones).</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The header's length in bytes: 20 to 60.</summary>
    public int HeaderLength => (Bytes[0] & 0xF) * 4;

    /// <summary>DSCP in the upper six bits (RFC 2474), ECN in the lower two (RFC 3168).</summary>
    public byte TrafficClass => Bytes[TrafficClassOffset];

    /// <summary>The length that the header gives for the whole packet, in bytes.</summary>
    public int TotalLength => BinaryPrimitives.ReadUInt16BigEndian(Bytes[TotalLengthOffset..]);

    /// <summary>What the fragments of one packet have in common.</summary>
    public ushort Identification => BinaryPrimitives.ReadUInt16BigEndian(Bytes[IdentificationOffset..]);

    /// <summary>Routers must drop it rather than cut it.</summary>
    public bool DontFragment => (FragmentWord & DontFragmentBit) != 0;

    /// <summary>Further fragments follow this one.</summary>
    public bool MoreFragments => (FragmentWord & MoreFragmentsBit) != 0;

    /// <summary>Where this fragment's payload stands in the whole, in bytes: a multiple of 8.</summary>
    public int FragmentOffset => (FragmentWord & FragmentOffsetMask) * 8;

    /// <summary>It is a part of a packet.</summary>
    public bool IsFragment => (FragmentWord & (MoreFragmentsBit | FragmentOffsetMask)) != 0;

    /// <summary>How many routers it may still pass.</summary>
    public byte TimeToLive => Bytes[TimeToLiveOffset];

    /// <summary>The protocol of the payload: IANA's number.</summary>
    public ProtocolType Protocol => (ProtocolType)Bytes[ProtocolOffset];

    /// <summary>The header's checksum as it stands there.</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(Bytes[ChecksumOffset..]);

    /// <summary>The header's checksum is right.</summary>
    public bool IsChecksumValid => InternetChecksum.Compute(Bytes[..HeaderLength]) == 0;

    /// <summary>The sender's address, 4 bytes.</summary>
    public ReadOnlySpan<byte> SourceBytes => Bytes.Slice(SourceOffset, 4);

    /// <summary>The receiver's address, 4 bytes.</summary>
    public ReadOnlySpan<byte> DestinationBytes => Bytes.Slice(DestinationOffset, 4);

    /// <summary>The sender's address, made when asked for.</summary>
    public IPAddress Source => new(SourceBytes);

    /// <summary>The receiver's address, made when asked for.</summary>
    public IPAddress Destination => new(DestinationBytes);

    /// <summary>The options.</summary>
    public PacketOptions Options => new(Bytes[OptionsOffset..HeaderLength]);

    /// <summary>What the packet carries.</summary>
    public ReadOnlySpan<byte> Payload => Bytes[HeaderLength..];

    /// <summary>For the checksums of what it carries.</summary>
    public PseudoHeader PseudoHeader => new(AddressFamily.InterNetwork, Bytes.Slice(SourceOffset, 8));

    private ushort FragmentWord => BinaryPrimitives.ReadUInt16BigEndian(Bytes[FragmentOffsetOffset..]);

    /// <summary>Sees a packet in <paramref name="bytes"/>, if its lengths and options are right.</summary>
    /// <param name="bytes">The packet from its first byte on; more may follow it.</param>
    /// <param name="view">The packet; without use when the result is false.</param>
    /// <param name="fault">What is wrong.</param>
    /// <param name="allowTruncated">The payload may be cut: ICMP errors quote packets so.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out IPv4View view, out PacketFault fault, bool allowTruncated = false)
    {
        view = default;
        fault = Check(bytes, allowTruncated);
        if (fault != PacketFault.None)
            return false;
        int total = BinaryPrimitives.ReadUInt16BigEndian(bytes[TotalLengthOffset..]);
        view = new IPv4View(bytes[..Math.Min(total, bytes.Length)]);
        return true;
    }

    private static PacketFault Check(ReadOnlySpan<byte> bytes, bool allowTruncated)
    {
        if (bytes.Length > 0 && bytes[0] >> 4 != 4)
            return PacketFault.WrongVersion;
        if (bytes.Length < OptionsOffset)
            return PacketFault.TooShort;
        int header = (bytes[0] & 0xF) * 4;
        if (header < OptionsOffset)
            return PacketFault.BadHeaderLength;
        if (header > bytes.Length)
            return PacketFault.TooShort;
        int total = BinaryPrimitives.ReadUInt16BigEndian(bytes[TotalLengthOffset..]);
        if (total < header || (total > bytes.Length && !allowTruncated))
            return PacketFault.BadLength;
        return PacketOptions.AreWellFormed(bytes[OptionsOffset..header]) ? PacketFault.None : PacketFault.BadOption;
    }
}
