using System.Buffers.Binary;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>A TCP segment seen in its bytes (RFC 9293 section 3.1).</summary>
public readonly ref struct TcpView
{
    internal const int DestinationPortOffset = 2;
    internal const int SequenceNumberOffset = 4;
    internal const int AcknowledgmentNumberOffset = 8;
    internal const int DataOffsetOffset = 12;
    internal const int WindowOffset = 14;
    internal const int ChecksumOffset = 16;
    internal const int UrgentPointerOffset = 18;
    internal const int OptionsOffset = 20;
    internal const int FlagsMask = 0x1FF;

    private TcpView(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The segment.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The sender's port.</summary>
    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(Bytes);

    /// <summary>The receiver's port.</summary>
    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(Bytes[DestinationPortOffset..]);

    /// <summary>The sequence number of the first byte of data; of a SYN its own.</summary>
    public uint SequenceNumber => BinaryPrimitives.ReadUInt32BigEndian(Bytes[SequenceNumberOffset..]);

    /// <summary>The next sequence number the sender expects, if <see cref="TcpFlags.Ack"/> is set.</summary>
    public uint AcknowledgmentNumber => BinaryPrimitives.ReadUInt32BigEndian(Bytes[AcknowledgmentNumberOffset..]);

    /// <summary>The header's length in bytes: 20 to 60.</summary>
    public int HeaderLength => (Bytes[DataOffsetOffset] >> 4) * 4;

    /// <summary>The control bits.</summary>
    public TcpFlags Flags => (TcpFlags)(BinaryPrimitives.ReadUInt16BigEndian(Bytes[DataOffsetOffset..]) & FlagsMask);

    /// <summary>The window as it stands there: not shifted by the window scale.</summary>
    public ushort Window => BinaryPrimitives.ReadUInt16BigEndian(Bytes[WindowOffset..]);

    /// <summary>The checksum as it stands there.</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(Bytes[ChecksumOffset..]);

    /// <summary>Where the urgent data ends, counted from the sequence number, if <see cref="TcpFlags.Urg"/> is set.</summary>
    public ushort UrgentPointer => BinaryPrimitives.ReadUInt16BigEndian(Bytes[UrgentPointerOffset..]);

    /// <summary>The options, one after the other.</summary>
    public PacketOptions Options => new(Bytes[OptionsOffset..HeaderLength]);

    /// <summary>The data.</summary>
    public ReadOnlySpan<byte> Payload => Bytes[HeaderLength..];

    /// <summary>Sees a segment in <paramref name="bytes"/>, if its data offset and options are right.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out TcpView view, out PacketFault fault)
    {
        fault = Check(bytes);
        view = fault == PacketFault.None ? new TcpView(bytes) : default;
        return fault == PacketFault.None;
    }

    /// <summary>The options as a value: allocates only for unknown ones.</summary>
    public TcpOptions ParseOptions() => TcpOptions.From(Options);

    /// <summary>The checksum is right. A machine does not see the right one of what it sends itself where the network card computes it.</summary>
    public bool IsChecksumValid(PseudoHeader pseudoHeader) => pseudoHeader.Checksum(ProtocolType.Tcp, Bytes) == 0;

    private static PacketFault Check(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < OptionsOffset)
            return PacketFault.TooShort;
        int header = (bytes[DataOffsetOffset] >> 4) * 4;
        if (header < OptionsOffset)
            return PacketFault.BadHeaderLength;
        if (header > bytes.Length)
            return PacketFault.TooShort;
        return PacketOptions.AreWellFormed(bytes[OptionsOffset..header]) ? PacketFault.None : PacketFault.BadOption;
    }
}
