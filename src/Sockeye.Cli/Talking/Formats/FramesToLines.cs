using System.Buffers;

namespace Sockeye.Cli.Talking.Formats;

/// <summary>Each frame that comes becomes a line, of text or of hexadecimal digits.</summary>
internal sealed class FramesToLines(FrameCodec<ReadOnlySequence<byte>> codec, Action<ReadOnlySequence<byte>, IBufferWriter<byte>> write) : Translation
{
    private long _offset;

    public override SequencePosition Translate(ReadOnlySequence<byte> input, bool isLast, IBufferWriter<byte> output)
    {
        ReadOnlySequence<byte> rest = input;
        try
        {
            while (codec.TryDecode(ref rest, out ReadOnlySequence<byte> frame) || (isLast && codec.TryDecodeEnd(ref rest, out frame)))
                write(frame, output);
        }
        catch (ProtocolException e) when (rest.Start.Equals(input.Start))
        {
            throw new ProtocolException($"what came is no frame at byte {_offset}: {char.ToLowerInvariant(e.Message[0])}{e.Message[1..]}", e);
        }
        catch (ProtocolException)
        {
            // The frames before it are shown first; it comes again.
        }

        _offset += input.Slice(0, rest.Start).Length;
        return rest.Start;
    }
}
