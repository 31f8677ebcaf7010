using System.Buffers;
using System.Text;

namespace Sockeye.Cli.Talking.Formats;

/// <summary>What comes as a hex dump: the offset, sixteen bytes, and what they are as ASCII. Each receive begins a row.</summary>
internal sealed class HexDumpTranslation : Translation
{
    private const int RowBytes = 16;
    private long _offset;

    public override SequencePosition Translate(ReadOnlySequence<byte> input, bool isLast, IBufferWriter<byte> output)
    {
        foreach (byte[] row in input.ToArray().Chunk(RowBytes))
        {
            string digits = string.Join(' ', row.Chunk(RowBytes / 2).Select(half => string.Concat(half.Select(value => $" {value:x2}"))));
            string text = string.Concat(row.Select(value => value is >= 0x20 and < 0x7F ? (char)value : '.'));
            output.Write(Encoding.ASCII.GetBytes($"{_offset:x8} {digits,-(RowBytes * 3) - 1}  |{text}|\n"));
            _offset += row.Length;
        }

        return input.End;
    }
}
