using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Sockeye;

/// <summary>
/// Reads the IP packets of a capture file: pcap with micro- or nanoseconds, and pcapng with any number of sections and interfaces, each in both byte orders. Bytes in, packets
/// out: it opens nothing. Links are RAW, Ethernet with VLANs, Linux's "any" in both versions, and the loopbacks of BSD.
/// </summary>
/// <remarks>What is no IP packet is left out and counted; blocks of other kinds are passed over. One thread at a time.</remarks>
public sealed class PcapReader
{
    /// <summary>The default of <see cref="BlockBytesMax"/>: 16 MiB.</summary>
    public const int BlockBytesMaxDefault = 16 * 1024 * 1024;

    /// <summary>A section has at most this many interfaces.</summary>
    public const int InterfacesMax = 4096;

    private const int MagicLength = 4;
    private const int BlockHeaderLength = 8;
    private const int SectionHeaderLengthMin = 28;
    private const int FileHeaderLength = 24;
    private const int RecordHeaderLength = 16;
    private const uint GzipMagic = 0x1F8B;

    private PcapFileKind _kind;
    private bool _bigEndian;
    private PcapngSection? _section;
    private PcapInterface? _interface;
    private int _interfaces;
    private long _skipped;

    /// <summary>Makes a reader for one file.</summary>
    /// <param name="blockBytesMax">The longest block of pcapng, or packet of pcap, that is taken, in bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="blockBytesMax"/> is less than the 28 bytes of a section header.</exception>
    public PcapReader(int blockBytesMax = BlockBytesMaxDefault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockBytesMax, SectionHeaderLengthMin);
        BlockBytesMax = blockBytesMax;
    }

    /// <summary>The longest block, in bytes; what is longer is malformed.</summary>
    public int BlockBytesMax { get; }

    /// <summary>How many bytes of the file were read.</summary>
    public long Offset { get; private set; }

    /// <summary>How many packets were left out: no IP, or a link that is not known here.</summary>
    public long Skipped => _skipped;

    /// <summary>All packets of a file.</summary>
    /// <param name="input">The file. It is read to its end, and remains the caller's.</param>
    /// <param name="blockBytesMax">As in <see cref="PcapReader(int)"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ProtocolException">The file is malformed, or cut within a block; the message names the offset. What stood before has been given.</exception>
    public static async IAsyncEnumerable<PcapPacket> ReadAsync(
        PipeReader input, int blockBytesMax = BlockBytesMaxDefault, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        PcapReader reader = new(blockBytesMax);
        while (true)
        {
            ReadResult result = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            while (reader.TryRead(ref buffer, out PcapPacket? packet))
                yield return packet;
            if (result.IsCompleted)
            {
                reader.Complete(buffer);
                yield break;
            }

            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>Takes the next packet out of the bytes that are there.</summary>
    /// <param name="input">The file from <see cref="Offset"/> on; moved behind what was read.</param>
    /// <param name="packet">The packet: its bytes are a copy.</param>
    /// <returns>False: it needs more bytes.</returns>
    /// <exception cref="ProtocolException">The file is malformed; the message names the offset. There is no reading on.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> input, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PcapPacket? packet)
    {
        packet = null;
        while (packet is null)
        {
            if (NextLength(input) is not { } length || input.Length < length)
                return false;
            ReadOnlySequence<byte> next = input.Slice(0, length);
            packet = Read(next.IsSingleSegment ? next.FirstSpan : next.ToArray());
            input = input.Slice(length);
            Offset += length;
        }

        return true;
    }

    /// <summary>The file has ended, and these bytes are left over.</summary>
    /// <exception cref="ProtocolException">There are some: it was cut within a block. Or it was no capture file at all.</exception>
    public void Complete(ReadOnlySequence<byte> rest)
    {
        if (!rest.IsEmpty)
            throw Malformed($"the file ends within a {(_kind == PcapFileKind.Pcap ? "packet" : "block")}, of which {rest.Length} bytes are there");
        if (_kind == PcapFileKind.Unknown)
            throw Malformed("the file is empty");
    }

    /// <summary>How long the next block, header or packet is; null: not enough is there to know.</summary>
    private int? NextLength(ReadOnlySequence<byte> input)
    {
        Span<byte> head = stackalloc byte[RecordHeaderLength];
        head = head[..(int)Math.Min(input.Length, head.Length)];
        input.Slice(0, head.Length).CopyTo(head);
        if (_kind == PcapFileKind.Unknown)
        {
            if (head.Length < MagicLength)
                return null;
            _kind = Recognize(BinaryPrimitives.ReadUInt32BigEndian(head));
        }

        if (_kind == PcapFileKind.Pcapng)
            return BlockLength(head);
        if (_interface is null)
            return FileHeaderLength;
        if (head.Length < RecordHeaderLength)
            return null;
        uint captured = ReadUInt32(head[8..]);
        if (captured > BlockBytesMax)
            throw Malformed($"a packet of {captured} bytes; at most {BlockBytesMax} are taken");
        return RecordHeaderLength + (int)captured;
    }

    private int? BlockLength(ReadOnlySpan<byte> head)
    {
        bool isSection = head.Length >= MagicLength && BinaryPrimitives.ReadUInt32BigEndian(head) == PcapngFormat.SectionHeaderBlock;
        if (head.Length < (isSection ? BlockHeaderLength + MagicLength : BlockHeaderLength))
            return null;
        if (isSection)
            _bigEndian = IsSectionBigEndian(head[BlockHeaderLength..]);
        uint length = ReadUInt32(head[4..]);
        if (length > BlockBytesMax)
            throw Malformed($"a block of {length} bytes; at most {BlockBytesMax} are taken");
        if (length < (isSection ? SectionHeaderLengthMin : PcapngFormat.BlockLengthMin) || length % 4 != 0)
            throw Malformed($"a block of {length} bytes, which none can have");
        return (int)length;
    }

    private bool IsSectionBigEndian(ReadOnlySpan<byte> magic)
    {
        if (BinaryPrimitives.ReadUInt32BigEndian(magic) == PcapngFormat.ByteOrderMagic)
            return true;
        if (BinaryPrimitives.ReadUInt32LittleEndian(magic) == PcapngFormat.ByteOrderMagic)
            return false;
        throw Malformed("a section header without its byte order");
    }

    private PcapFileKind Recognize(uint magic)
    {
        if (magic == PcapngFormat.SectionHeaderBlock)
            return PcapFileKind.Pcapng;
        if (magic is PcapngFormat.PcapMicroseconds or PcapngFormat.PcapNanoseconds)
            _bigEndian = true;
        else if (BinaryPrimitives.ReverseEndianness(magic) is not (PcapngFormat.PcapMicroseconds or PcapngFormat.PcapNanoseconds))
            throw Malformed(magic >> 16 == GzipMagic ? "a gzip file: unpack it first" : "neither a pcap nor a pcapng file");
        return PcapFileKind.Pcap;
    }

    private PcapPacket? Read(ReadOnlySpan<byte> bytes)
    {
        if (_kind == PcapFileKind.Pcapng)
            return ReadBlock(bytes);
        if (_interface is not null)
            return ReadRecord(_interface, bytes);
        const byte microseconds = 6, nanoseconds = 9;
        PcapInterface header = new(0, (PcapLinkType)(ReadUInt32(bytes[20..]) & ushort.MaxValue));
        _interface = header.WithResolution(ReadUInt32(bytes) == PcapngFormat.PcapNanoseconds ? nanoseconds : microseconds)!;
        return null;
    }

    private PcapPacket? ReadRecord(PcapInterface source, ReadOnlySpan<byte> record)
    {
        ulong units = (ReadUInt32(record) * source.UnitsPerSecond) + ReadUInt32(record[4..]);
        return Take(source, units, record[RecordHeaderLength..], ReadUInt32(record[12..]));
    }

    private PcapPacket? ReadBlock(ReadOnlySpan<byte> block)
    {
        if (ReadUInt32(block[^4..]) != block.Length)
            throw Malformed("the two lengths of a block are not the same");
        uint type = ReadUInt32(block);
        if (type == PcapngFormat.SectionHeaderBlock)
        {
            _section = new PcapngSection(_bigEndian);
            return null;
        }

        if (_section is null)
            throw Malformed("a block before the first section header");
        if (type == PcapngFormat.InterfaceDescriptionBlock)
            AddInterface(_section, block);
        else if (_section.TryGetPacket(block, out PcapngPacket found, out string? fault))
            return Take(found.Source, found.Time, found.Bytes, found.Length) is { } packet ? packet with { IsOutbound = found.IsOutbound, Comments = found.Comments ?? [] } : null;
        else if (fault is not null)
            throw Malformed(fault);
        return null;
    }

    private void AddInterface(PcapngSection section, ReadOnlySpan<byte> block)
    {
        if (section.Count == InterfacesMax)
            throw Malformed($"more than {InterfacesMax} interfaces in a section");
        if (section.TryAddInterface(block, _interfaces++) is { } fault)
            throw Malformed(fault);
    }

    private PcapPacket? Take(PcapInterface source, ulong units, ReadOnlySpan<byte> frame, uint length)
    {
        if (source.Time(units) is not { } time)
            throw Malformed("a packet of a time that no date has");
        int start = LinkLayer.Skip(source.LinkType, frame);
        if (start < 0)
        {
            _skipped++;
            return null;
        }

        return new PcapPacket
        {
            Time = time,
            Bytes = frame[start..].ToArray(),
            MissingLength = (int)Math.Clamp((long)length - frame.Length, 0, int.MaxValue),
            Interface = source.Number,
            InterfaceName = source.Name,
        };
    }

    private uint ReadUInt32(ReadOnlySpan<byte> bytes) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private ProtocolException Malformed(string what) => new($"Capture file, offset {Offset}: {what}.");
}
