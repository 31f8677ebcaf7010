using System.Buffers;

namespace Sockeye.Cli.Talking.Formats;

/// <summary>Each line that is typed becomes a frame.</summary>
/// <param name="codec">How frames are written.</param>
/// <param name="isHex">Whether the lines are hexadecimal digits.</param>
/// <param name="isLines">Whether frames are lines themselves: then CRLF ends a typed one as LF does.</param>
internal sealed class LinesToFrames(FrameCodec<ReadOnlySequence<byte>> codec, bool isHex, bool isLines = false) : Translation
{
    // Three characters a byte in hex, and a line end.
    private readonly InputLines _lines = new((codec.MaxFrameSize * 3L) + 2);

    public override SequencePosition Translate(ReadOnlySequence<byte> input, bool isLast, IBufferWriter<byte> output)
    {
        while (_lines.TryRead(ref input, isLast, out ReadOnlySequence<byte> line))
        {
            ReadOnlySequence<byte> frame = isHex ? new ReadOnlySequence<byte>(HexText.Parse(line, _lines.Number)) : isLines ? WithoutCr(line) : line;
            try
            {
                codec.Encode(frame, output);
            }
            catch (ArgumentException e)
            {
                throw new InvalidDataException($"line {_lines.Number} of the input makes no frame: {Reason(e)}", e);
            }
        }

        return input.Start;
    }

    private static ReadOnlySequence<byte> WithoutCr(ReadOnlySequence<byte> line) =>
        !line.IsEmpty && line.Slice(line.Length - 1).FirstSpan[0] == '\r' ? line.Slice(0, line.Length - 1) : line;

    /// <summary>What the codec says, in mid-sentence, without the name of its parameter.</summary>
    private static string Reason(ArgumentException error)
    {
        string suffix = error.ParamName is null ? "" : $" (Parameter '{error.ParamName}')";
        string words = suffix.Length > 0 && error.Message.EndsWith(suffix, StringComparison.Ordinal) ? error.Message[..^suffix.Length] : error.Message;
        words = words.TrimEnd('.');
        return words.Length == 0 ? words : char.ToLowerInvariant(words[0]) + words[1..];
    }
}
