using System.Buffers;

namespace Sockeye;

/// <summary>Lines of which each is JSON, as bytes; see <see cref="Codecs.JsonLines(int)"/>.</summary>
internal sealed class JsonLinesCodec(int maxFrameSize) : FrameCodec<ReadOnlySequence<byte>>(maxFrameSize)
{
    private readonly LineBytesCodec _lines = new(maxFrameSize, LineEnding.Lf);

    public override bool TryDecode(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> frame) => TryDecode(ref input, 0, out frame);

    public override bool TryDecode(ref ReadOnlySequence<byte> input, long searched, out ReadOnlySequence<byte> frame)
    {
        ReadOnlySequence<byte> rest = input;
        while (_lines.TryDecode(ref rest, searched, out frame))
        {
            if (!JsonLine.IsBlank(frame))
            {
                Check(frame);
                input = rest;
                return true;
            }

            searched = 0;
        }

        input = rest;
        return false;
    }

    public override bool TryDecodeEnd(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> frame)
    {
        ReadOnlySequence<byte> rest = input;
        if (!_lines.TryDecodeEnd(ref rest, out frame))
            return false;
        bool isFrame = !JsonLine.IsBlank(frame);
        if (isFrame)
            Check(frame);

        // Only now: what is refused stays, to be refused again.
        input = rest;
        return isFrame;
    }

    public override void Encode(ReadOnlySequence<byte> frame, IBufferWriter<byte> output)
    {
        if (JsonLine.FindProblem(frame) is { } problem)
            throw new ArgumentException($"The frame is not JSON: {problem}", nameof(frame));
        _lines.Encode(frame, output);
    }

    public override string ToString() => CodecText.Print(CodecText.JsonLines, MaxFrameSize);

    private static void Check(in ReadOnlySequence<byte> line)
    {
        if (JsonLine.FindProblem(line) is { } problem)
            throw new ProtocolException($"A line is not JSON: {problem}");
    }
}
