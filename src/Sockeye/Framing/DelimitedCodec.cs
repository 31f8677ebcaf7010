using System.Buffers;

namespace Sockeye;

/// <summary>Frames that each end with the same bytes; see <see cref="Codecs.Delimited"/>.</summary>
internal sealed class DelimitedCodec : FrameCodec<ReadOnlySequence<byte>>
{
    private readonly byte[] _delimiter;

    public DelimitedCodec(ReadOnlySpan<byte> delimiter, int maxFrameSize)
        : base(maxFrameSize)
    {
        if (delimiter.Length is 0 or > Codecs.DelimiterSizeMax)
            throw new ArgumentException($"A delimiter has 1 to {Codecs.DelimiterSizeMax} bytes, not {delimiter.Length}.", nameof(delimiter));
        _delimiter = delimiter.ToArray();
    }

    public override bool TryDecode(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> frame) => TryDecode(ref input, 0, out frame);

    public override bool TryDecode(ref ReadOnlySequence<byte> input, long searched, out ReadOnlySequence<byte> frame)
    {
        // Looking no further than the longest frame bounds the search however much has arrived.
        ReadOnlySequence<byte> window = input.AtMost((long)MaxFrameSize + _delimiter.Length);

        // The delimiter may have begun within what was searched.
        long from = Math.Max(0, searched - (_delimiter.Length - 1));
        if (from < window.Length && PositionOfDelimiter(window.Slice(from)) is { } end)
        {
            frame = window.Slice(0, end);
            input = input.Slice(input.GetPosition(_delimiter.Length, end));
            return true;
        }

        if (window.Length > MaxFrameSize && !MayEndAtTheLimit(window))
            throw new FrameTooLargeException(MaxFrameSize);
        frame = default;
        return false;
    }

    public override void Encode(ReadOnlySequence<byte> frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (frame.Length > MaxFrameSize)
            throw new ArgumentException($"The frame has {frame.Length} bytes; the limit is {MaxFrameSize}.", nameof(frame));
        if (PositionOfDelimiter(frame) is not null)
            throw new ArgumentException("The frame contains the delimiter: it would be read as two.", nameof(frame));
        if (EndsWithPartOfAnEarlierDelimiter(frame))
            throw new ArgumentException("The frame's last bytes make a delimiter with the one that follows it: it would be read as shorter.", nameof(frame));
        output.Write(frame);
        output.Write(_delimiter);
    }

    public override string ToString() =>
        CodecText.Print($"{CodecText.Delimiter}:{CodecText.Escape(_delimiter)}", MaxFrameSize);

    private SequencePosition? PositionOfDelimiter(in ReadOnlySequence<byte> bytes)
    {
        if (_delimiter.Length == 1)
            return bytes.PositionOf(_delimiter[0]);
        if (bytes.IsSingleSegment)
            return bytes.FirstSpan.IndexOf(_delimiter) is var index and >= 0 ? bytes.GetPosition(index) : null;
        SequenceReader<byte> reader = new(bytes);
        return reader.TryReadTo(out ReadOnlySequence<byte> before, _delimiter) ? before.End : null;
    }

    /// <summary>Whether what stands behind the limit, or nearest before it, is the beginning of a delimiter: then the frame may still be within it.</summary>
    private bool MayEndAtTheLimit(in ReadOnlySequence<byte> window)
    {
        int tailSize = (int)Math.Min(window.Length, _delimiter.Length - 1);
        Span<byte> tail = stackalloc byte[Codecs.DelimiterSizeMax];
        tail = tail[..tailSize];
        window.Slice(window.Length - tailSize).CopyTo(tail);
        for (int size = tailSize; size > 0 && window.Length - size <= MaxFrameSize; size--)
        {
            if (_delimiter.AsSpan().StartsWith(tail[^size..]))
                return true;
        }

        return false;
    }

    private bool EndsWithPartOfAnEarlierDelimiter(in ReadOnlySequence<byte> frame)
    {
        int tailSize = (int)Math.Min(frame.Length, _delimiter.Length - 1);
        Span<byte> tail = stackalloc byte[Codecs.DelimiterSizeMax];
        tail = tail[..tailSize];
        frame.Slice(frame.Length - tailSize).CopyTo(tail);
        for (int size = tailSize; size > 0; size--)
        {
            ReadOnlySpan<byte> delimiter = _delimiter;
            if (delimiter.StartsWith(tail[^size..]) && delimiter.StartsWith(delimiter[size..]))
                return true;
        }

        return false;
    }
}
