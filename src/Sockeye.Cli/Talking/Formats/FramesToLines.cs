using System.Buffers;
using Sockeye.Cli.Output;

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
            // What a codec has taken of bytes that it then refuses was not read.
            ReadOnlySequence<byte> next = input;
            while (codec.TryDecode(ref next, out ReadOnlySequence<byte> frame) || (isLast && codec.TryDecodeEnd(ref next, out frame)))
            {
                write(frame, output);
                rest = next;
            }

            rest = next;
        }
        catch (ProtocolException e) when (rest.Start.Equals(input.Start))
        {
            throw new ProtocolException($"what came is no frame at byte {_offset}: {Sentences.Continue(e.Message)}", e);
        }
        catch (ProtocolException)
        {
            // The frames before it are shown first; it comes again.
        }

        _offset += input.Slice(0, rest.Start).Length;
        return rest.Start;
    }
}
