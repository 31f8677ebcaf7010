using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>An IPv6 packet seen in its bytes (RFC 8200 section 3). No jumbograms: a payload length of zero is an empty payload.</summary>
public readonly ref struct IPv6View
{
    /// <summary>The most extension headers that are gone through to find the upper layer; real packets have two or three.</summary>
    public const int ExtensionHeadersMax = 8;

    internal const int PayloadLengthOffset = 4;
    internal const int NextHeaderOffset = 6;
    internal const int HopLimitOffset = 7;
    internal const int SourceOffset = 8;
    internal const int DestinationOffset = 24;
    internal const int HeaderLength = 40;

    private const byte HopByHop = 0;
    private const byte Routing = 43;
    private const byte Fragment = 44;
    private const byte Authentication = 51;
    private const byte DestinationOptions = 60;
    private const byte Mobility = 135;
    private const byte HostIdentity = 139;
    private const byte Shim6 = 140;
    private const int ExtensionLengthMin = 8;

    /// <summary>The numbers of those whose length can be told (RFC 7045 section 4); ESP ends what can be read.</summary>
    internal static ReadOnlySpan<byte> ExtensionHeaders => [HopByHop, Routing, Fragment, Authentication, DestinationOptions, Mobility, HostIdentity, Shim6];

    private IPv6View(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The packet, without what may have followed it in the buffer.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>DSCP in the upper six bits, ECN in the lower two.</summary>
    public byte TrafficClass => (byte)(FirstWord >> 20);

    /// <summary>Which flow it belongs to: 20 bits (RFC 6437).</summary>
    public int FlowLabel => (int)(FirstWord & 0xF_FFFF);

    /// <summary>The length that the header gives for what follows it, in bytes.</summary>
    public int PayloadLength => BinaryPrimitives.ReadUInt16BigEndian(Bytes[PayloadLengthOffset..]);

    /// <summary>What follows this header: an extension header or the upper layer's.</summary>
    public ProtocolType NextHeader => (ProtocolType)Bytes[NextHeaderOffset];

    /// <summary>How many routers it may still pass.</summary>
    public byte HopLimit => Bytes[HopLimitOffset];

    /// <summary>The sender's address, 16 bytes.</summary>
    public ReadOnlySpan<byte> SourceBytes => Bytes.Slice(SourceOffset, 16);

    /// <summary>The receiver's address, 16 bytes.</summary>
    public ReadOnlySpan<byte> DestinationBytes => Bytes.Slice(DestinationOffset, 16);

    /// <summary>The sender's address, made when asked for.</summary>
    public IPAddress Source => new(SourceBytes);

    /// <summary>The receiver's address, made when asked for.</summary>
    public IPAddress Destination => new(DestinationBytes);

    /// <summary>What follows this header, extension headers and all.</summary>
    public ReadOnlySpan<byte> Payload => Bytes[HeaderLength..];

    /// <summary>For the checksums of what it carries. With a routing header the last destination counts, which is not this one.</summary>
    public PseudoHeader PseudoHeader => new(AddressFamily.InterNetworkV6, Bytes.Slice(SourceOffset, 32));

    private uint FirstWord => BinaryPrimitives.ReadUInt32BigEndian(Bytes);

    /// <summary>Sees a packet in <paramref name="bytes"/>, if its length is right. Extension headers are looked at by <see cref="TryGetUpperLayer"/>.</summary>
    /// <param name="bytes">The packet from its first byte on; more may follow it.</param>
    /// <param name="view">The packet; without use when the result is false.</param>
    /// <param name="fault">What is wrong.</param>
    /// <param name="allowTruncated">The payload may be cut: ICMPv6 errors quote packets so.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out IPv6View view, out PacketFault fault, bool allowTruncated = false)
    {
        view = default;
        fault = PacketFault.None;
        if (bytes.Length > 0 && bytes[0] >> 4 != 6)
            fault = PacketFault.WrongVersion;
        else if (bytes.Length < HeaderLength)
            fault = PacketFault.TooShort;
        if (fault != PacketFault.None)
            return false;
        int total = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(bytes[PayloadLengthOffset..]);
        if (total > bytes.Length && !allowTruncated)
        {
            fault = PacketFault.BadLength;
            return false;
        }

        view = new IPv6View(bytes[..Math.Min(total, bytes.Length)]);
        return true;
    }

    /// <summary>Goes through the extension headers, at most <see cref="ExtensionHeadersMax"/>, to the upper layer (RFC 8200 section 4).</summary>
    /// <param name="upper">Where the upper layer begins in <see cref="Bytes"/>, and what it is.</param>
    /// <param name="fault">What is wrong.</param>
    public bool TryGetUpperLayer(out IPv6UpperLayer upper, out PacketFault fault)
    {
        upper = new IPv6UpperLayer { Protocol = NextHeader, Offset = HeaderLength };
        for (int count = 0; IsExtension((byte)upper.Protocol); count++)
        {
            ReadOnlySpan<byte> extension = Bytes[upper.Offset..];
            fault = count == ExtensionHeadersMax ? PacketFault.TooManyExtensionHeaders
                : extension.Length < ExtensionLengthMin || extension.Length < LengthOf((byte)upper.Protocol, extension) ? PacketFault.TooShort
                : PacketFault.None;
            if (fault != PacketFault.None)
                return false;
            IPv6UpperLayer next = upper with
            {
                Protocol = (ProtocolType)extension[0],
                Offset = upper.Offset + LengthOf((byte)upper.Protocol, extension),
            };
            if ((byte)upper.Protocol == Fragment)
            {
                ushort word = BinaryPrimitives.ReadUInt16BigEndian(extension[2..]);
                next = next with { IsFragment = true, FragmentOffset = word & 0xFFF8, MoreFragments = (word & 1) != 0, Identification = BinaryPrimitives.ReadUInt32BigEndian(extension[4..]) };
            }

            upper = next;

            // Behind a fragment that is not the first stand no headers, but bytes from the middle of something.
            if (upper.FragmentOffset > 0)
                break;
        }

        fault = PacketFault.None;
        return true;
    }

    private static bool IsExtension(byte header) => ExtensionHeaders.Contains(header);

    /// <summary>The length is in units of 8 bytes without the first, of the authentication header in units of 4 without two (RFC 4302 section 2.2).</summary>
    private static int LengthOf(byte header, ReadOnlySpan<byte> extension) => header switch
    {
        Fragment => ExtensionLengthMin,
        Authentication => (extension[1] + 2) * 4,
        _ => (extension[1] + 1) * 8,
    };
}
