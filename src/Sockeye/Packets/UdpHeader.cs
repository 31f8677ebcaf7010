using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>A UDP header as a value (RFC 768). Length and checksum are computed on writing.</summary>
/// <param name="SourcePort">The sender's port; zero: no answer is wanted.</param>
/// <param name="DestinationPort">The receiver's port.</param>
public readonly record struct UdpHeader(ushort SourcePort, ushort DestinationPort)
{
    /// <summary>The most bytes a datagram carries.</summary>
    public const int PayloadLengthMax = ushort.MaxValue - UdpView.HeaderLength;

    /// <summary>The header's length in bytes: 8, always.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "Every header has it.")]
    public int Length => UdpView.HeaderLength;

    /// <summary>Reads the header of the datagram in <paramref name="bytes"/>.</summary>
    /// <exception cref="ProtocolException">It is malformed.</exception>
    public static UdpHeader Parse(ReadOnlySpan<byte> bytes) =>
        TryParse(bytes, out UdpHeader header, out PacketFault fault) ? header : throw fault.ToException("UDP", bytes.Length);

    /// <summary>Reads the header of the datagram in <paramref name="bytes"/>, if it is one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out UdpHeader header, out PacketFault fault)
    {
        header = default;
        if (!UdpView.TryParse(bytes, out UdpView view, out fault))
            return false;
        header = From(view);
        return true;
    }

    /// <summary>The header of a datagram that is seen.</summary>
    public static UdpHeader From(UdpView view) => new(view.SourcePort, view.DestinationPort);

    /// <summary>The datagram: this header and its payload.</summary>
    /// <exception cref="ArgumentException">The payload is longer than <see cref="PayloadLengthMax"/>.</exception>
    public byte[] Emit(ReadOnlySpan<byte> payload, PseudoHeader pseudoHeader)
    {
        byte[] datagram = new byte[Length + payload.Length];
        WriteTo(datagram, payload, pseudoHeader);
        return datagram;
    }

    /// <summary>Writes this header and its payload, which may stand at its place already.</summary>
    /// <returns>The length of the datagram.</returns>
    /// <exception cref="ArgumentException">As in <see cref="Emit"/>, or <paramref name="destination"/> is too short.</exception>
    public int WriteTo(Span<byte> destination, ReadOnlySpan<byte> payload, PseudoHeader pseudoHeader)
    {
        if (payload.Length > PayloadLengthMax)
            throw new ArgumentException($"A UDP datagram carries at most {PayloadLengthMax} bytes, not {payload.Length}.", nameof(payload));
        PacketWriting.PutPayload(destination, Length, payload);
        Span<byte> datagram = destination[..(Length + payload.Length)];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[UdpView.DestinationPortOffset..], DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[UdpView.LengthOffset..], (ushort)datagram.Length);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[UdpView.ChecksumOffset..], 0);

        // Zero means that there is none; a sum of zero is written as its other form (RFC 768).
        ushort checksum = pseudoHeader.Checksum(ProtocolType.Udp, datagram);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[UdpView.ChecksumOffset..], checksum == 0 ? ushort.MaxValue : checksum);
        return datagram.Length;
    }
}
