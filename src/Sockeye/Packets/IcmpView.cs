using System.Buffers.Binary;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>An ICMP (RFC 792) or ICMPv6 (RFC 4443) message seen in its bytes: alike but for their numbers, and the checksum's pseudo-header.</summary>
public readonly ref struct IcmpView
{
    internal const int CodeOffset = 1;
    internal const int ChecksumOffset = 2;
    internal const int RestOffset = 4;
    internal const int HeaderLength = 8;

    private IcmpView(ReadOnlySpan<byte> bytes, AddressFamily family)
    {
        Bytes = bytes;
        AddressFamily = family;
    }

    /// <summary>The message.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Which of the two protocols it is.</summary>
    public AddressFamily AddressFamily { get; }

    /// <summary>The type's number in its protocol.</summary>
    public byte Type => Bytes[0];

    /// <summary>More about the type.</summary>
    public byte Code => Bytes[CodeOffset];

    /// <summary>The checksum as it stands there.</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(Bytes[ChecksumOffset..]);

    /// <summary>The four bytes after the checksum, whose meaning depends on the type.</summary>
    public uint RestOfHeader => BinaryPrimitives.ReadUInt32BigEndian(Bytes[RestOffset..]);

    /// <summary>What it says.</summary>
    public IcmpKind Kind => IcmpHeader.KindOf(AddressFamily, Type, Code);

    /// <summary>Of an echo: who asks.</summary>
    public ushort Identifier => (ushort)(RestOfHeader >> 16);

    /// <summary>Of an echo: which one.</summary>
    public ushort SequenceNumber => (ushort)RestOfHeader;

    /// <summary>What follows the header: an echo's data, or of an error the packet it is about, as far as it is quoted.</summary>
    public ReadOnlySpan<byte> Payload => Bytes[HeaderLength..];

    /// <summary>Sees a message in <paramref name="bytes"/>, if it is long enough.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, AddressFamily family, out IcmpView view, out PacketFault fault)
    {
        fault = bytes.Length < HeaderLength ? PacketFault.TooShort : PacketFault.None;
        view = fault == PacketFault.None ? new IcmpView(bytes, family) : default;
        return fault == PacketFault.None;
    }

    /// <summary>The packet that an error is about, as far as it is quoted: the IP header and at least eight bytes (RFC 792, RFC 1812 section 4.3.2.3, RFC 4443 section 2.4).</summary>
    /// <returns>False: this is no error, or what it quotes is no packet.</returns>
    public bool TryGetQuoted(out IPPacketView quoted)
    {
        quoted = default;
        return Kind is IcmpKind.DestinationUnreachable or IcmpKind.PacketTooBig or IcmpKind.TimeExceeded or IcmpKind.ParameterProblem
            && IPPacketView.TryParse(Payload, out quoted, out _, allowTruncated: true)
            && quoted.AddressFamily == AddressFamily;
    }

    /// <summary>The checksum is right; <paramref name="pseudoHeader"/> counts for ICMPv6 only (RFC 4443 section 2.3).</summary>
    public bool IsChecksumValid(PseudoHeader pseudoHeader) => AddressFamily == AddressFamily.InterNetwork
        ? InternetChecksum.Compute(Bytes) == 0
        : pseudoHeader.Checksum(ProtocolType.IcmpV6, Bytes) == 0;
}
