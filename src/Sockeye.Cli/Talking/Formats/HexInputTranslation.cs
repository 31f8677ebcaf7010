using System.Buffers;

namespace Sockeye.Cli.Talking.Formats;

/// <summary>Lines of hexadecimal digits become bytes.</summary>
internal sealed class HexInputTranslation : Translation
{
    /// <summary>The longest line of digits, in bytes.</summary>
    public const int LineBytesMax = 1024 * 1024;

    private readonly InputLines _lines = new(LineBytesMax);

    public override SequencePosition Translate(ReadOnlySequence<byte> input, bool isLast, IBufferWriter<byte> output)
    {
        while (_lines.TryRead(ref input, isLast, out ReadOnlySequence<byte> line))
            output.Write(HexText.Parse(line, _lines.Number));
        return input.Start;
    }
}
