using System.Buffers.Binary;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>A TCP header as a value (RFC 9293 section 3.1): parsed from a segment, or made by hand and written. Data offset and checksum are computed on writing.</summary>
public readonly record struct TcpHeader
{
    /// <summary>The least length in bytes, and the length without options.</summary>
    public const int LengthMin = TcpView.OptionsOffset;

    /// <summary>The sender's port.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>The receiver's port.</summary>
    public ushort DestinationPort { get; init; }

    /// <summary>The sequence number of the first byte of data; of a SYN its own.</summary>
    public uint SequenceNumber { get; init; }

    /// <summary>The next sequence number the sender expects, if <see cref="TcpFlags.Ack"/> is set.</summary>
    public uint AcknowledgmentNumber { get; init; }

    /// <summary>The control bits.</summary>
    public TcpFlags Flags { get; init; }

    /// <summary>How many bytes the sender takes, before the window scale.</summary>
    public ushort Window { get; init; }

    /// <summary>Where the urgent data ends, counted from the sequence number, if <see cref="TcpFlags.Urg"/> is set.</summary>
    public ushort UrgentPointer { get; init; }

    /// <summary>The options.</summary>
    public TcpOptions Options { get; init; }

    /// <summary>The header's length in bytes: 20 to 60.</summary>
    public int Length => LengthMin + Options.Length;

    /// <summary>Reads the header of the segment in <paramref name="bytes"/>.</summary>
    /// <exception cref="ProtocolException">It is malformed.</exception>
    public static TcpHeader Parse(ReadOnlySpan<byte> bytes) =>
        TryParse(bytes, out TcpHeader header, out PacketFault fault) ? header : throw fault.ToException("TCP", bytes.Length);

    /// <summary>Reads the header of the segment in <paramref name="bytes"/>, if it is one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out TcpHeader header, out PacketFault fault)
    {
        header = default;
        if (!TcpView.TryParse(bytes, out TcpView view, out fault))
            return false;
        header = From(view);
        return true;
    }

    /// <summary>The header of a segment that is seen.</summary>
    public static TcpHeader From(TcpView view) => new()
    {
        SourcePort = view.SourcePort,
        DestinationPort = view.DestinationPort,
        SequenceNumber = view.SequenceNumber,
        AcknowledgmentNumber = view.AcknowledgmentNumber,
        Flags = view.Flags,
        Window = view.Window,
        UrgentPointer = view.UrgentPointer,
        Options = view.ParseOptions(),
    };

    /// <summary>The segment: this header and its data.</summary>
    /// <exception cref="InvalidOperationException">The options do not fit into a header.</exception>
    public byte[] Emit(ReadOnlySpan<byte> payload, PseudoHeader pseudoHeader)
    {
        byte[] segment = new byte[Length + payload.Length];
        WriteTo(segment, payload, pseudoHeader);
        return segment;
    }

    /// <summary>Writes this header and its data, which may stand at its place already.</summary>
    /// <returns>The length of the segment.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    /// <exception cref="InvalidOperationException">As in <see cref="Emit"/>.</exception>
    public int WriteTo(Span<byte> destination, ReadOnlySpan<byte> payload, PseudoHeader pseudoHeader)
    {
        int length = Length;
        PacketWriting.PutPayload(destination, length, payload);
        Span<byte> segment = destination[..(length + payload.Length)];
        Options.WriteTo(segment[TcpView.OptionsOffset..length]);
        BinaryPrimitives.WriteUInt16BigEndian(segment, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(segment[TcpView.DestinationPortOffset..], DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(segment[TcpView.SequenceNumberOffset..], SequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(segment[TcpView.AcknowledgmentNumberOffset..], AcknowledgmentNumber);
        BinaryPrimitives.WriteUInt16BigEndian(segment[TcpView.DataOffsetOffset..], (ushort)((length / 4 << 12) | ((int)Flags & TcpView.FlagsMask)));
        BinaryPrimitives.WriteUInt16BigEndian(segment[TcpView.WindowOffset..], Window);
        BinaryPrimitives.WriteUInt16BigEndian(segment[TcpView.ChecksumOffset..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(segment[TcpView.UrgentPointerOffset..], UrgentPointer);
        BinaryPrimitives.WriteUInt16BigEndian(segment[TcpView.ChecksumOffset..], pseudoHeader.Checksum(ProtocolType.Tcp, segment));
        return segment.Length;
    }
}
