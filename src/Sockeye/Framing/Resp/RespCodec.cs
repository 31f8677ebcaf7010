using System.Buffers;

namespace Sockeye;

/// <summary>Values of the Redis serialization protocol; see <see cref="Codecs.Resp"/>. What a value is made of is <see cref="RespScanner"/>'s.</summary>
internal sealed class RespCodec(int maxFrameSize) : FrameCodec<ReadOnlySequence<byte>>(maxFrameSize)
{
    public override bool TryDecode(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> frame)
    {
        FrameProgress progress = default;
        return TryResume(ref input, ref progress, out frame);
    }

    public override void Encode(ReadOnlySequence<byte> frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Check(frame);
        output.Write(frame);
    }

    public override string ToString() => CodecText.Print(CodecText.Resp, MaxFrameSize);

    internal override bool TryResume(ref ReadOnlySequence<byte> input, ref FrameProgress progress, out ReadOnlySequence<byte> frame)
    {
        RespScanner scanner = new(input.AtMost(MaxFrameSize), MaxFrameSize, progress);
        if (!scanner.TryFindEnd(out long end))
        {
            if (input.Length >= MaxFrameSize)
                throw new FrameTooLargeException(MaxFrameSize);
            (progress.Position, progress.State) = (scanner.Position, scanner.Outstanding);
            frame = default;
            return false;
        }

        frame = input.Slice(0, end);
        input = input.Slice(end);
        return true;
    }

    private void Check(ReadOnlySequence<byte> frame)
    {
        try
        {
            if (TryDecode(ref frame, out _) && frame.IsEmpty)
                return;
        }
        catch (ProtocolException e)
        {
            throw new ArgumentException($"The frame is no RESP value: {e.Message}", nameof(frame), e);
        }

        throw new ArgumentException("The frame is not one whole RESP value.", nameof(frame));
    }
}
