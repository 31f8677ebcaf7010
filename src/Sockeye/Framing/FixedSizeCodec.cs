using System.Buffers;

namespace Sockeye;

/// <summary>Frames of one size; see <see cref="Codecs.FixedSize"/>.</summary>
internal sealed class FixedSizeCodec(int size) : FrameCodec<ReadOnlySequence<byte>>(size)
{
    public override bool TryDecode(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (input.Length < MaxFrameSize)
            return false;
        frame = input.Slice(0, MaxFrameSize);
        input = input.Slice(MaxFrameSize);
        return true;
    }

    public override void Encode(ReadOnlySequence<byte> frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (frame.Length != MaxFrameSize)
            throw new ArgumentException($"The frame has {frame.Length} bytes; each has {MaxFrameSize}.", nameof(frame));
        output.Write(frame);
    }

    public override string ToString() => $"{CodecText.Fixed}:{MaxFrameSize}";
}
