using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>An IPv6 header as a value (RFC 8200 section 3): parsed from a packet, or made by hand and written. Extension headers are part of the payload.</summary>
public readonly record struct IPv6Header
{
    /// <summary>The most bytes that may follow the header.</summary>
    public const int PayloadLengthMax = ushort.MaxValue;

    private const int FlowLabelMax = 0xF_FFFF;

    /// <summary>A header with a hop limit of 64.</summary>
    public IPv6Header()
    {
    }

    /// <summary>The sender's address. A scope is not written.</summary>
    public required IPAddress Source { get; init; }

    /// <summary>The receiver's address.</summary>
    public required IPAddress Destination { get; init; }

    /// <summary>What follows this header: an extension header or the upper layer's.</summary>
    public required ProtocolType NextHeader { get; init; }

    /// <summary>How many routers it may pass. 64 if not given.</summary>
    public byte HopLimit { get; init; } = 64;

    /// <summary>DSCP in the upper six bits, ECN in the lower two.</summary>
    public byte TrafficClass { get; init; }

    /// <summary>Which flow it belongs to: 20 bits.</summary>
    public int FlowLabel { get; init; }

    /// <summary>The header's length in bytes: 40, always.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "Every header has it.")]
    public int Length => IPv6View.HeaderLength;

    /// <summary>For the checksums of what it carries.</summary>
    public PseudoHeader PseudoHeader => new(Source, Destination);

    /// <summary>Reads the header of the packet in <paramref name="bytes"/>.</summary>
    /// <exception cref="ProtocolException">It is malformed.</exception>
    public static IPv6Header Parse(ReadOnlySpan<byte> bytes) =>
        TryParse(bytes, out IPv6Header header, out PacketFault fault) ? header : throw fault.ToException("IPv6", bytes.Length);

    /// <summary>Reads the header of the packet in <paramref name="bytes"/>, if it is one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out IPv6Header header, out PacketFault fault)
    {
        header = default;
        if (!IPv6View.TryParse(bytes, out IPv6View view, out fault))
            return false;
        header = From(view);
        return true;
    }

    /// <summary>The header of a packet that is seen.</summary>
    public static IPv6Header From(IPv6View view) => new()
    {
        Source = view.Source,
        Destination = view.Destination,
        NextHeader = view.NextHeader,
        HopLimit = view.HopLimit,
        TrafficClass = view.TrafficClass,
        FlowLabel = view.FlowLabel,
    };

    /// <summary>The packet: this header and its payload.</summary>
    /// <exception cref="ArgumentException">The payload is longer than <see cref="PayloadLengthMax"/>, or an address is not IPv6.</exception>
    /// <exception cref="InvalidOperationException">The flow label has more than 20 bits.</exception>
    public byte[] Emit(ReadOnlySpan<byte> payload)
    {
        byte[] packet = new byte[Length + payload.Length];
        WriteTo(packet, payload);
        return packet;
    }

    /// <summary>Writes this header and its payload, which may stand at its place already.</summary>
    /// <returns>The length of the packet.</returns>
    /// <exception cref="ArgumentException">As in <see cref="Emit"/>, or <paramref name="destination"/> is too short.</exception>
    public int WriteTo(Span<byte> destination, ReadOnlySpan<byte> payload)
    {
        PacketWriting.PutPayload(destination, Length, payload);
        WriteTo(destination, payload.Length);
        return Length + payload.Length;
    }

    /// <summary>Writes this header alone, for a payload of this length.</summary>
    /// <returns>The length of the header.</returns>
    /// <exception cref="ArgumentException">As in <see cref="WriteTo(Span{byte}, ReadOnlySpan{byte})"/>.</exception>
    public int WriteTo(Span<byte> destination, int payloadLength)
    {
        PacketWriting.CheckRoom(destination, Length);
        if (payloadLength is < 0 or > PayloadLengthMax)
            throw new ArgumentException($"An IPv6 packet carries at most {PayloadLengthMax} bytes, not {payloadLength}.", nameof(payloadLength));
        if (FlowLabel is < 0 or > FlowLabelMax)
            throw new InvalidOperationException($"A flow label has 20 bits; {FlowLabel} has more.");

        Span<byte> header = destination[..Length];
        BinaryPrimitives.WriteUInt32BigEndian(header, (6u << 28) | ((uint)TrafficClass << 20) | (uint)FlowLabel);
        BinaryPrimitives.WriteUInt16BigEndian(header[IPv6View.PayloadLengthOffset..], (ushort)payloadLength);
        header[IPv6View.NextHeaderOffset] = (byte)NextHeader;
        header[IPv6View.HopLimitOffset] = HopLimit;
        PacketWriting.PutAddress(header.Slice(IPv6View.SourceOffset, 16), Source, AddressFamily.InterNetworkV6);
        PacketWriting.PutAddress(header.Slice(IPv6View.DestinationOffset, 16), Destination, AddressFamily.InterNetworkV6);
        return Length;
    }
}
