using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Sockeye;

/// <summary>A section of a pcapng file: its byte order and its interfaces. Blocks come whole, with both lengths checked.</summary>
internal sealed class PcapngSection(bool bigEndian)
{
    private const int BodyOffset = 8;
    private const int TrailerLength = 4;
    private const int InterfaceLength = 8;
    private const int SimpleLength = 4;

    private readonly List<PcapInterface> _interfaces = [];

    /// <summary>How many interfaces it has.</summary>
    public int Count => _interfaces.Count;

    /// <summary>Reads an interface description block.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public string? TryAddInterface(ReadOnlySpan<byte> block, int number)
    {
        ReadOnlySpan<byte> body = Body(block);
        if (body.Length < InterfaceLength)
            return "an interface description that is too short";
        PcapInterface added = new(number, (PcapLinkType)ReadUInt16(body)) { SnapLength = ReadUInt32(body[4..]) };
        PcapngOptions options = new(body[InterfaceLength..], bigEndian);
        while (options.MoveNext())
        {
            if (options.Code == PcapngFormat.InterfaceNameOption)
                added = added with { Name = Encoding.UTF8.GetString(options.Value) };
            else if (options is { Code: PcapngFormat.InterfaceTimeOffsetOption, Value.Length: sizeof(long) })
                added = added with { TimeOffset = ReadInt64(options.Value) };
            else if (options is { Code: PcapngFormat.InterfaceTimeResolutionOption, Value.Length: 1 })
                added = added.WithResolution(options.Value[0])!;
            if (added is null)
                return "times of a resolution that 64 bits cannot hold";
        }

        if (options.IsMalformed)
            return "an option that runs over the end of its block";
        _interfaces.Add(added);
        return null;
    }

    /// <summary>Reads a block, if it holds a packet.</summary>
    /// <param name="block">The block.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="fault">What is wrong with it; null: nothing, or the block is of another kind.</param>
    public bool TryGetPacket(ReadOnlySpan<byte> block, out PcapngPacket packet, out string? fault)
    {
        packet = default;
        fault = null;
        ReadOnlySpan<byte> body = Body(block);
        return ReadUInt32(block) switch
        {
            PcapngFormat.EnhancedPacketBlock => TryGetEnhanced(body, isObsolete: false, ref packet, out fault),
            PcapngFormat.ObsoletePacketBlock => TryGetEnhanced(body, isObsolete: true, ref packet, out fault),
            PcapngFormat.SimplePacketBlock => TryGetSimple(body, ref packet, out fault),
            _ => false,
        };
    }

    private bool TryGetEnhanced(ReadOnlySpan<byte> body, bool isObsolete, ref PcapngPacket packet, out string? fault)
    {
        fault = "a packet that runs over the end of its block";
        if (body.Length < PcapngFormat.PacketHeaderLength)
            return false;
        uint captured = ReadUInt32(body[12..]);
        ReadOnlySpan<byte> rest = body[PcapngFormat.PacketHeaderLength..];
        if (captured > rest.Length || PcapngFormat.Padded((int)captured) > rest.Length)
            return false;
        uint number = isObsolete ? ReadUInt16(body) : ReadUInt32(body);
        if (!TryGetInterface(number, out PcapInterface? source, out fault))
            return false;

        bool? isOutbound = null;
        List<string>? comments = null;
        PcapngOptions options = new(rest[PcapngFormat.Padded((int)captured)..], bigEndian);
        while (options.MoveNext())
        {
            if (options.Code == PcapngFormat.CommentOption)
                (comments ??= []).Add(Encoding.UTF8.GetString(options.Value));
            else if (options is { Code: PcapngFormat.PacketFlagsOption, Value.Length: sizeof(uint) })
                isOutbound = Direction(ReadUInt32(options.Value));
        }

        fault = options.IsMalformed ? "an option that runs over the end of its block" : null;
        packet = new PcapngPacket
        {
            Source = source,
            Time = ((ulong)ReadUInt32(body[4..]) << 32) | ReadUInt32(body[8..]),
            Bytes = rest[..(int)captured],
            Length = ReadUInt32(body[16..]),
            IsOutbound = isOutbound,
            Comments = comments,
        };
        return fault is null;
    }

    /// <summary>The first interface's, without a time.</summary>
    private bool TryGetSimple(ReadOnlySpan<byte> body, ref PcapngPacket packet, out string? fault)
    {
        fault = "a packet that runs over the end of its block";
        if (body.Length < SimpleLength || !TryGetInterface(0, out PcapInterface? source, out fault))
            return false;
        uint length = ReadUInt32(body);
        uint captured = source.SnapLength == 0 ? length : Math.Min(length, source.SnapLength);
        if (captured > body.Length - SimpleLength)
        {
            fault = "a packet that runs over the end of its block";
            return false;
        }

        packet = new PcapngPacket { Source = source with { TimeOffset = 0 }, Time = 0, Bytes = body.Slice(SimpleLength, (int)captured), Length = length };
        return true;
    }

    private bool TryGetInterface(uint number, [NotNullWhen(true)] out PcapInterface? found, out string? fault)
    {
        found = number < _interfaces.Count ? _interfaces[(int)number] : null;
        fault = found is null ? $"a packet of interface {number}; the section has {_interfaces.Count}" : null;
        return found is not null;
    }

    private static bool? Direction(uint flags) => (flags & PcapngFormat.DirectionMask) switch
    {
        PcapngFormat.InboundFlag => false,
        PcapngFormat.OutboundFlag => true,
        _ => null,
    };

    private static ReadOnlySpan<byte> Body(ReadOnlySpan<byte> block) => block[BodyOffset..^TrailerLength];

    private ushort ReadUInt16(ReadOnlySpan<byte> bytes) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint ReadUInt32(ReadOnlySpan<byte> bytes) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private long ReadInt64(ReadOnlySpan<byte> bytes) =>
        bigEndian ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes);
}
