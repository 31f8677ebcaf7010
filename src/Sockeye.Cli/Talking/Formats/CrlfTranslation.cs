using System.Buffers;

namespace Sockeye.Cli.Talking.Formats;

/// <summary>Every LF becomes CRLF, as protocols of the Internet end their lines; a CRLF stays one.</summary>
internal sealed class CrlfTranslation : Translation
{
    private bool _afterReturn;

    public override SequencePosition Translate(ReadOnlySequence<byte> input, bool isLast, IBufferWriter<byte> output)
    {
        foreach (ReadOnlyMemory<byte> piece in input)
            Translate(piece.Span, output);
        return input.End;
    }

    private void Translate(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)'\n');
            ReadOnlySpan<byte> text = end < 0 ? bytes : bytes[..end];
            output.Write(text);
            _afterReturn = text.IsEmpty ? _afterReturn : text[^1] == '\r';
            if (end < 0)
                return;
            output.Write(_afterReturn ? "\n"u8 : "\r\n"u8);
            _afterReturn = false;
            bytes = bytes[(end + 1)..];
        }
    }
}
