using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Sockeye;

/// <summary>Lines of text; see <see cref="Codecs.Lines"/>. Finding lines is <see cref="LineBytesCodec"/>'s, the text is this one's.</summary>
internal sealed class LineCodec : FrameCodec<string>
{
    private readonly LineBytesCodec _lines;
    private readonly Encoding _encoding;

    public LineCodec(LineBytesCodec lines, Encoding encoding)
        : base(lines.MaxFrameSize)
    {
        if (!encoding.GetBytes("\r\n").AsSpan().SequenceEqual("\r\n"u8))
            throw new ArgumentException($"{encoding.WebName} does not write CR and LF as single bytes: its lines cannot be told apart.", nameof(encoding));
        _lines = lines;
        _encoding = encoding;
    }

    public override bool TryDecode(ref ReadOnlySequence<byte> input, [MaybeNullWhen(false)] out string frame) => TryDecode(ref input, 0, out frame);

    public override bool TryDecode(ref ReadOnlySequence<byte> input, long searched, [MaybeNullWhen(false)] out string frame)
    {
        ReadOnlySequence<byte> rest = input;
        if (!_lines.TryDecode(ref rest, searched, out ReadOnlySequence<byte> line))
        {
            frame = null;
            return false;
        }

        frame = Text(line);
        input = rest;
        return true;
    }

    public override bool TryDecodeEnd(ref ReadOnlySequence<byte> input, [MaybeNullWhen(false)] out string frame)
    {
        ReadOnlySequence<byte> rest = input;
        if (!_lines.TryDecodeEnd(ref rest, out ReadOnlySequence<byte> line))
        {
            frame = null;
            return false;
        }

        frame = Text(line);
        input = rest;
        return true;
    }

    public override void Encode(string frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(output);

        // Counting first also finds text that the encoding cannot write, so that a refused line has written nothing.
        _lines.Check(_encoding.GetByteCount(frame), frame.Contains('\n'), frame.EndsWith('\r'), nameof(frame));
        _encoding.GetBytes(frame, output);
        _lines.WriteEnding(output);
    }

    public override string ToString() => _lines.ToString();

    private string Text(in ReadOnlySequence<byte> line)
    {
        try
        {
            return _encoding.GetString(line);
        }
        catch (DecoderFallbackException e)
        {
            throw new ProtocolException($"A line is not valid {_encoding.WebName}.", e);
        }
    }
}
