using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>The header of an ICMP (RFC 792) or ICMPv6 (RFC 4443) message as a value. The checksum is computed on writing.</summary>
public readonly record struct IcmpHeader
{
    private const byte PacketTooBigCode4 = 4;

    /// <summary>A header of any type.</summary>
    /// <param name="family">InterNetwork for ICMP, InterNetworkV6 for ICMPv6.</param>
    /// <param name="type">The type's number in that protocol.</param>
    /// <param name="code">More about the type.</param>
    /// <param name="restOfHeader">The four bytes after the checksum.</param>
    /// <exception cref="ArgumentException">There is no ICMP for that family.</exception>
    public IcmpHeader(AddressFamily family, byte type, byte code = 0, uint restOfHeader = 0)
    {
        if (family is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
            throw new ArgumentException($"{family} has no ICMP.", nameof(family));
        (AddressFamily, Type, Code, RestOfHeader) = (family, type, code, restOfHeader);
    }

    /// <summary>Which of the two protocols it is.</summary>
    public AddressFamily AddressFamily { get; }

    /// <summary>The type's number in its protocol.</summary>
    public byte Type { get; }

    /// <summary>More about the type.</summary>
    public byte Code { get; }

    /// <summary>The four bytes after the checksum, whose meaning depends on the type.</summary>
    public uint RestOfHeader { get; }

    /// <summary>What it says.</summary>
    public IcmpKind Kind => KindOf(AddressFamily, Type, Code);

    /// <summary>Of an echo: who asks.</summary>
    public ushort Identifier => (ushort)(RestOfHeader >> 16);

    /// <summary>Of an echo: which one.</summary>
    public ushort SequenceNumber => (ushort)RestOfHeader;

    /// <summary>Of <see cref="IcmpKind.PacketTooBig"/>: the most bytes the next link takes (RFC 1191 section 4, RFC 4443 section 3.2). 0: an old router does not say.</summary>
    public uint NextHopMtu => AddressFamily == AddressFamily.InterNetwork ? (ushort)RestOfHeader : RestOfHeader;

    /// <summary>The header's length in bytes: 8, always.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "Every header has it.")]
    public int Length => IcmpView.HeaderLength;

    /// <summary>Asks for an echo.</summary>
    public static IcmpHeader EchoRequest(AddressFamily family, ushort identifier, ushort sequenceNumber) =>
        new(family, (byte)(family == AddressFamily.InterNetwork ? 8 : 128), 0, ((uint)identifier << 16) | sequenceNumber);

    /// <summary>Echoes.</summary>
    public static IcmpHeader EchoReply(AddressFamily family, ushort identifier, ushort sequenceNumber) =>
        new(family, (byte)(family == AddressFamily.InterNetwork ? 0 : 129), 0, ((uint)identifier << 16) | sequenceNumber);

    /// <summary>A packet could not be delivered; the code, which says why, is the protocol's own. The packet follows as the payload.</summary>
    public static IcmpHeader DestinationUnreachable(AddressFamily family, byte code) => new(family, (byte)(family == AddressFamily.InterNetwork ? 3 : 1), code);

    /// <summary>A packet passed too many routers (code 0), or not all of its fragments came (code 1).</summary>
    public static IcmpHeader TimeExceeded(AddressFamily family, byte code = 0) => new(family, (byte)(family == AddressFamily.InterNetwork ? 11 : 3), code);

    /// <summary>A packet was too long for the next link.</summary>
    /// <param name="family">The protocol.</param>
    /// <param name="nextHopMtu">What that link takes, in bytes; of ICMP the lower 16 bits are written.</param>
    public static IcmpHeader PacketTooBig(AddressFamily family, uint nextHopMtu) => family == AddressFamily.InterNetwork
        ? new(family, 3, PacketTooBigCode4, (ushort)nextHopMtu)
        : new(family, 2, 0, nextHopMtu);

    /// <summary>Reads the header of the message in <paramref name="bytes"/>.</summary>
    /// <exception cref="ProtocolException">It is too short.</exception>
    public static IcmpHeader Parse(ReadOnlySpan<byte> bytes, AddressFamily family) =>
        TryParse(bytes, family, out IcmpHeader header, out PacketFault fault) ? header : throw fault.ToException("ICMP", bytes.Length);

    /// <summary>Reads the header of the message in <paramref name="bytes"/>, if it is one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, AddressFamily family, out IcmpHeader header, out PacketFault fault)
    {
        header = default;
        if (!IcmpView.TryParse(bytes, family, out IcmpView view, out fault))
            return false;
        header = From(view);
        return true;
    }

    /// <summary>The header of a message that is seen.</summary>
    public static IcmpHeader From(IcmpView view) => new(view.AddressFamily, view.Type, view.Code, view.RestOfHeader);

    /// <summary>The message: this header and its payload.</summary>
    /// <param name="payload">An echo's data, or the packet an error is about.</param>
    /// <param name="pseudoHeader">Counts for ICMPv6 only. Over Linux's sockets the kernel computes that checksum, and any pseudo-header will do.</param>
    public byte[] Emit(ReadOnlySpan<byte> payload, PseudoHeader pseudoHeader = default)
    {
        byte[] message = new byte[Length + payload.Length];
        WriteTo(message, payload, pseudoHeader);
        return message;
    }

    /// <summary>Writes this header and its payload, which may stand at its place already.</summary>
    /// <returns>The length of the message.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public int WriteTo(Span<byte> destination, ReadOnlySpan<byte> payload, PseudoHeader pseudoHeader = default)
    {
        PacketWriting.PutPayload(destination, Length, payload);
        Span<byte> message = destination[..(Length + payload.Length)];
        message[0] = Type;
        message[IcmpView.CodeOffset] = Code;
        BinaryPrimitives.WriteUInt16BigEndian(message[IcmpView.ChecksumOffset..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(message[IcmpView.RestOffset..], RestOfHeader);
        ushort checksum = AddressFamily == AddressFamily.InterNetwork ? InternetChecksum.Compute(message) : pseudoHeader.Checksum(ProtocolType.IcmpV6, message);
        BinaryPrimitives.WriteUInt16BigEndian(message[IcmpView.ChecksumOffset..], checksum);
        return message.Length;
    }

    /// <summary>What it says, for people: "the port is not open", "the time to live ran out".</summary>
    public string Explain() => IcmpWords.Explain(this);

    internal static IcmpKind KindOf(AddressFamily family, byte type, byte code) => family == AddressFamily.InterNetwork
        ? type switch
        {
            0 => IcmpKind.EchoReply,
            3 => code == PacketTooBigCode4 ? IcmpKind.PacketTooBig : IcmpKind.DestinationUnreachable,
            5 => IcmpKind.Redirect,
            8 => IcmpKind.EchoRequest,
            11 => IcmpKind.TimeExceeded,
            12 => IcmpKind.ParameterProblem,
            _ => IcmpKind.Other,
        }
        : type switch
        {
            1 => IcmpKind.DestinationUnreachable,
            2 => IcmpKind.PacketTooBig,
            3 => IcmpKind.TimeExceeded,
            4 => IcmpKind.ParameterProblem,
            128 => IcmpKind.EchoRequest,
            129 => IcmpKind.EchoReply,
            137 => IcmpKind.Redirect,
            _ => IcmpKind.Other,
        };
}
