using System.Buffers;

namespace Sockeye.Cli.Talking.Formats;

/// <summary>Each line that is typed becomes a frame.</summary>
/// <param name="codec">How frames are written.</param>
/// <param name="isHex">Whether the lines are hexadecimal digits.</param>
internal sealed class LinesToFrames(FrameCodec<ReadOnlySequence<byte>> codec, bool isHex) : Translation
{
    // Three characters a byte in hex, and a line end.
    private readonly InputLines _lines = new((codec.MaxFrameSize * 3L) + 2);

    public override SequencePosition Translate(ReadOnlySequence<byte> input, bool isLast, IBufferWriter<byte> output)
    {
        while (_lines.TryRead(ref input, isLast, out ReadOnlySequence<byte> line))
        {
            ReadOnlySequence<byte> frame = isHex ? new ReadOnlySequence<byte>(HexText.Parse(line, _lines.Number)) : line;
            try
            {
                codec.Encode(frame, output);
            }
            catch (ArgumentException e)
            {
                throw new InvalidDataException($"line {_lines.Number} of the input makes no frame: {e.Message}", e);
            }
        }

        return input.Start;
    }
}
