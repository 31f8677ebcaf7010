using System.Buffers.Binary;

namespace Sockeye;

/// <summary>Frames with a length of fixed size in front; see <see cref="Codecs.LengthPrefixed"/>.</summary>
internal sealed class LengthPrefixedCodec : PrefixedCodec
{
    private readonly int _prefixSize;
    private readonly bool _bigEndian;
    private readonly int _counted;      // how many bytes of the prefix the length includes

    public LengthPrefixedCodec(int prefixSize, ByteOrder byteOrder, bool lengthCountsItself, int maxFrameSize)
        : base(Math.Min(maxFrameSize, LargestContent(prefixSize, lengthCountsItself)), prefixSize)
    {
        if (byteOrder is not (ByteOrder.BigEndian or ByteOrder.LittleEndian))
            throw new ArgumentOutOfRangeException(nameof(byteOrder), byteOrder, "A byte order is big or little endian.");
        _prefixSize = prefixSize;
        _bigEndian = byteOrder == ByteOrder.BigEndian;
        _counted = lengthCountsItself ? prefixSize : 0;
    }

    public override string ToString()
    {
        string order = _bigEndian ? "" : $":{CodecText.Little}";
        string self = _counted > 0 ? $":{CodecText.Self}" : "";
        int usualMax = Math.Min(Codecs.DefaultMaxFrameSize, LargestContent(_prefixSize, _counted > 0));
        return CodecText.Print($"{CodecText.Length}:{_prefixSize}{order}{self}", MaxFrameSize, usualMax);
    }

    protected override bool TryReadPrefix(ReadOnlySpan<byte> front, out ulong size, out int prefixSize)
    {
        size = 0;
        prefixSize = _prefixSize;
        if (front.Length < _prefixSize)
            return false;
        ulong length = (_prefixSize, _bigEndian) switch
        {
            (1, _) => front[0],
            (2, true) => BinaryPrimitives.ReadUInt16BigEndian(front),
            (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(front),
            (4, true) => BinaryPrimitives.ReadUInt32BigEndian(front),
            (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(front),
            (_, true) => BinaryPrimitives.ReadUInt64BigEndian(front),
            (_, false) => BinaryPrimitives.ReadUInt64LittleEndian(front),
        };
        if (length < (ulong)_counted)
            throw new ProtocolException($"A frame's length is {length}, but it counts its own {_prefixSize} bytes.");
        size = length - (ulong)_counted;
        return true;
    }

    protected override int WritePrefix(Span<byte> prefix, ulong size)
    {
        ulong length = size + (ulong)_counted;
        switch (_prefixSize, _bigEndian)
        {
            case (1, _): prefix[0] = (byte)length; break;
            case (2, true): BinaryPrimitives.WriteUInt16BigEndian(prefix, (ushort)length); break;
            case (2, false): BinaryPrimitives.WriteUInt16LittleEndian(prefix, (ushort)length); break;
            case (4, true): BinaryPrimitives.WriteUInt32BigEndian(prefix, (uint)length); break;
            case (4, false): BinaryPrimitives.WriteUInt32LittleEndian(prefix, (uint)length); break;
            case (_, true): BinaryPrimitives.WriteUInt64BigEndian(prefix, length); break;
            case (_, false): BinaryPrimitives.WriteUInt64LittleEndian(prefix, length); break;
        }

        return _prefixSize;
    }

    private static int LargestContent(int prefixSize, bool lengthCountsItself) => prefixSize switch
    {
        1 => byte.MaxValue - (lengthCountsItself ? 1 : 0),
        2 => ushort.MaxValue - (lengthCountsItself ? 2 : 0),
        4 or 8 => int.MaxValue,
        _ => throw new ArgumentOutOfRangeException(nameof(prefixSize), prefixSize, "A length has 1, 2, 4 or 8 bytes."),
    };
}
