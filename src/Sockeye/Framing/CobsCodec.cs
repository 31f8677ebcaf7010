using System.Buffers;

namespace Sockeye;

/// <summary>Consistent Overhead Byte Stuffing (Cheshire and Baker, 1999); see <see cref="Codecs.Cobs"/>.</summary>
/// <remarks>
/// A frame is a row of blocks and a zero. A block is a code and code - 1 bytes other than zero; a zero of the content stands
/// between two blocks, except behind one of the longest, whose code 0xFF says that none does.
/// </remarks>
internal sealed class CobsCodec(int maxFrameSize) : FrameCodec<ReadOnlySequence<byte>>(maxFrameSize)
{
    private const byte Delimiter = 0;
    private const byte LongestCode = 0xFF;
    private const int LongestBlock = LongestCode - 1;

    private long EncodedSizeMax => MaxFrameSize + (MaxFrameSize / LongestBlock) + 1L;

    public override bool TryDecode(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> frame) => TryDecode(ref input, 0, out frame);

    public override bool TryDecode(ref ReadOnlySequence<byte> input, long searched, out ReadOnlySequence<byte> frame)
    {
        // Not even an empty frame is without a block: zeros in a row are there to synchronise.
        ReadOnlySequence<byte> rest = input.TrimStart(Delimiter);
        searched -= input.Length - rest.Length;
        ReadOnlySequence<byte> window = rest.AtMost(EncodedSizeMax + 1);
        if (window.PositionOf(Delimiter, searched) is { } end)
        {
            frame = Unstuff(window.Slice(0, end));
            input = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        if (window.Length > EncodedSizeMax)
            throw new FrameTooLargeException(MaxFrameSize);
        input = rest;
        frame = default;
        return false;
    }

    public override void Encode(ReadOnlySequence<byte> frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (frame.Length > MaxFrameSize)
            throw new ArgumentException($"The frame has {frame.Length} bytes; the limit is {MaxFrameSize}.", nameof(frame));

        ReadOnlySequence<byte> rest = frame;
        bool last;
        do
        {
            ReadOnlySequence<byte> block = rest.AtMost(LongestBlock);
            SequencePosition? zero = block.PositionOf(Delimiter);
            if (zero is { } end)
                block = block.Slice(0, end);
            output.Write([(byte)(block.Length + 1)]);
            output.Write(block);
            rest = rest.Slice(block.Length + (zero is null ? 0 : 1));
            last = zero is null && rest.IsEmpty;        // a zero at the content's end is followed by an empty block
        }
        while (!last);

        output.Write([Delimiter]);
    }

    public override string ToString() => CodecText.Print(CodecText.Cobs, MaxFrameSize);

    private ReadOnlySequence<byte> Unstuff(in ReadOnlySequence<byte> blocks)
    {
        long size = Measure(blocks, out int count);
        if (size > MaxFrameSize)
            throw new FrameTooLargeException(MaxFrameSize);
        if (count == 1)
            return blocks.Slice(1);

        byte[] content = new byte[size];
        Span<byte> rest = content;
        SequenceReader<byte> reader = new(blocks);
        while (reader.TryRead(out byte code))
        {
            reader.TryCopyTo(rest[..(code - 1)]);
            reader.Advance(code - 1);
            rest = rest[(code - 1)..];
            if (code < LongestCode && !reader.End)
                rest = rest[1..];                       // the array's zero is the content's
        }

        return new ReadOnlySequence<byte>(content);
    }

    /// <summary>The content's size, once it is sure that the blocks are whole.</summary>
    private static long Measure(in ReadOnlySequence<byte> blocks, out int count)
    {
        long size = 0;
        count = 0;
        SequenceReader<byte> reader = new(blocks);
        while (reader.TryRead(out byte code))
        {
            count++;
            if (reader.Remaining < code - 1)
                throw new ProtocolException($"A COBS block of {code - 1} bytes ends after {reader.Remaining}.");
            reader.Advance(code - 1);
            size += code - 1;
            if (code < LongestCode && !reader.End)
                size++;
        }

        return size;
    }
}
