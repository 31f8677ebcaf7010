using System.Buffers;
using System.Buffers.Binary;

namespace Sockeye;

/// <summary>Frames with a length of fixed size in front; see <see cref="Codecs.LengthPrefixed"/>.</summary>
internal sealed class LengthPrefixedCodec : FrameCodec<ReadOnlySequence<byte>>
{
    private const int LargestPrefixSize = sizeof(ulong);

    private readonly int _prefixSize;
    private readonly bool _bigEndian;
    private readonly int _counted;      // how many bytes of the prefix the length includes

    public LengthPrefixedCodec(int prefixSize, ByteOrder byteOrder, bool lengthCountsItself, int maxFrameSize)
        : base(Math.Min(maxFrameSize, LargestContent(prefixSize, lengthCountsItself)))
    {
        if (byteOrder is not (ByteOrder.BigEndian or ByteOrder.LittleEndian))
            throw new ArgumentOutOfRangeException(nameof(byteOrder), byteOrder, "A byte order is big or little endian.");
        _prefixSize = prefixSize;
        _bigEndian = byteOrder == ByteOrder.BigEndian;
        _counted = lengthCountsItself ? prefixSize : 0;
    }

    public override bool TryDecode(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (input.Length < _prefixSize)
            return false;

        ulong length = ReadLength(input);
        if (length < (ulong)_counted)
            throw new ProtocolException($"A frame's length is {length}, but it counts its own {_prefixSize} bytes.");
        ulong size = length - (ulong)_counted;
        if (size > (ulong)MaxFrameSize)
            throw new FrameTooLargeException(MaxFrameSize, size <= long.MaxValue ? (long)size : null);

        long end = _prefixSize + (long)size;
        if (input.Length < end)
            return false;
        frame = input.Slice(_prefixSize, (long)size);
        input = input.Slice(end);
        return true;
    }

    public override void Encode(ReadOnlySequence<byte> frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (frame.Length > MaxFrameSize)
            throw new ArgumentException($"The frame has {frame.Length} bytes; the limit is {MaxFrameSize}.", nameof(frame));

        WriteLength(output.GetSpan(_prefixSize), (ulong)frame.Length + (ulong)_counted);
        output.Advance(_prefixSize);
        foreach (ReadOnlyMemory<byte> segment in frame)
            output.Write(segment.Span);
    }

    private static int LargestContent(int prefixSize, bool lengthCountsItself) => prefixSize switch
    {
        1 => byte.MaxValue - (lengthCountsItself ? 1 : 0),
        2 => ushort.MaxValue - (lengthCountsItself ? 2 : 0),
        4 or 8 => int.MaxValue,
        _ => throw new ArgumentOutOfRangeException(nameof(prefixSize), prefixSize, "A length has 1, 2, 4 or 8 bytes."),
    };

    private ulong ReadLength(in ReadOnlySequence<byte> input)
    {
        Span<byte> copy = stackalloc byte[LargestPrefixSize];
        scoped ReadOnlySpan<byte> prefix = input.FirstSpan;
        if (prefix.Length < _prefixSize)
        {
            input.Slice(0, _prefixSize).CopyTo(copy);
            prefix = copy;
        }

        return (_prefixSize, _bigEndian) switch
        {
            (1, _) => prefix[0],
            (2, true) => BinaryPrimitives.ReadUInt16BigEndian(prefix),
            (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(prefix),
            (4, true) => BinaryPrimitives.ReadUInt32BigEndian(prefix),
            (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(prefix),
            (_, true) => BinaryPrimitives.ReadUInt64BigEndian(prefix),
            (_, false) => BinaryPrimitives.ReadUInt64LittleEndian(prefix),
        };
    }

    private void WriteLength(Span<byte> prefix, ulong length)
    {
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
    }
}
