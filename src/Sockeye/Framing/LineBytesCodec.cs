using System.Buffers;

namespace Sockeye;

/// <summary>Lines of bytes; see <see cref="Codecs.LineBytes"/>.</summary>
internal sealed class LineBytesCodec : FrameCodec<ReadOnlySequence<byte>>
{
    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';

    public LineBytesCodec(int maxFrameSize, LineEnding ending)
        : base(maxFrameSize)
    {
        if (ending is not (LineEnding.Lf or LineEnding.CrLf))
            throw new ArgumentOutOfRangeException(nameof(ending), ending, "A line ends with LF or CRLF.");
        Ending = ending;
    }

    private LineEnding Ending { get; }

    public override bool TryDecode(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> frame) => TryDecode(ref input, 0, out frame);

    public override bool TryDecode(ref ReadOnlySequence<byte> input, long searched, out ReadOnlySequence<byte> frame)
    {
        // The longest line is its content, CR and LF: looking no further bounds the search however much has arrived.
        long longest = (long)MaxFrameSize + 2;
        ReadOnlySequence<byte> window = input.Length <= longest ? input : input.Slice(0, longest);

        if (window.PositionOf(Lf, searched) is { } lineFeed)
        {
            ReadOnlySequence<byte> line = window.Slice(0, lineFeed);
            if (EndsWithCr(line))
                line = line.Slice(0, line.Length - 1);
            if (line.Length > MaxFrameSize)
                throw new FrameTooLargeException(MaxFrameSize);
            frame = line;
            input = input.Slice(input.GetPosition(1, lineFeed));
            return true;
        }

        // One byte over the limit is still a line within it if that byte is a CR and the next one is the LF.
        long over = window.Length - MaxFrameSize;
        if (over > 1 || (over == 1 && !EndsWithCr(window)))
            throw new FrameTooLargeException(MaxFrameSize);
        frame = default;
        return false;
    }

    public override bool TryDecodeEnd(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> frame)
    {
        if (input.Length > MaxFrameSize)
            throw new FrameTooLargeException(MaxFrameSize);
        frame = input;
        input = input.Slice(input.End);
        return !frame.IsEmpty;
    }

    public override void Encode(ReadOnlySequence<byte> frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Check(frame.Length, frame.PositionOf(Lf) is not null, EndsWithCr(frame), nameof(frame));
        output.Write(frame);
        WriteEnding(output);
    }

    /// <summary>Refuses a line that would not be read as it was written.</summary>
    internal void Check(long size, bool containsLf, bool endsWithCr, string parameterName)
    {
        if (containsLf)
            throw new ArgumentException("The line contains LF: it would be read as two.", parameterName);
        if (endsWithCr && Ending == LineEnding.Lf)
            throw new ArgumentException("The line ends with CR: before an LF it would be read as part of the line end.", parameterName);
        if (size > MaxFrameSize)
            throw new ArgumentException($"The line has {size} bytes; the limit is {MaxFrameSize}.", parameterName);
    }

    public override string ToString() => CodecText.Print(Ending == LineEnding.Lf ? CodecText.Lines : CodecText.CrLf, MaxFrameSize, Codecs.DefaultMaxLineSize);

    internal void WriteEnding(IBufferWriter<byte> output) => output.Write(Ending == LineEnding.Lf ? "\n"u8 : "\r\n"u8);

    private static bool EndsWithCr(in ReadOnlySequence<byte> line)
    {
        if (line.IsEmpty)
            return false;
        if (line.IsSingleSegment)
            return line.FirstSpan[^1] == Cr;
        Span<byte> last = stackalloc byte[1];
        line.Slice(line.Length - 1).CopyTo(last);
        return last[0] == Cr;
    }
}
