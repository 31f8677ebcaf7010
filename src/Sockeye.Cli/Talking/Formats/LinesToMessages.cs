using System.Buffers;

namespace Sockeye.Cli.Talking.Formats;

/// <summary>Each line that is typed becomes a message of its own, on a socket that keeps messages apart. An empty line is none.</summary>
internal sealed class LinesToMessages(bool isHex) : Translation
{
    /// <summary>The longest line, in bytes: more than Linux lets out as one message (net.core.wmem_default).</summary>
    public const int LineBytesMax = 1024 * 1024;

    private readonly InputLines _lines = new(LineBytesMax);

    /// <summary>One at a time: what is written between two flushes is one message.</summary>
    public override SequencePosition Translate(ReadOnlySequence<byte> input, bool isLast, IBufferWriter<byte> output)
    {
        if (!_lines.TryRead(ref input, isLast, out ReadOnlySequence<byte> line))
            return input.Start;
        if (isHex)
            output.Write(HexText.Parse(line, _lines.Number));
        else
            CopyTo(line, output.GetSpan((int)line.Length), output);
        return input.Start;
    }

    private static void CopyTo(ReadOnlySequence<byte> line, Span<byte> room, IBufferWriter<byte> output)
    {
        line.CopyTo(room);
        output.Advance((int)line.Length);
    }
}
