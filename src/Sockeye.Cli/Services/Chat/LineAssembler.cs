namespace Sockeye.Cli.Services.Chat;

/// <summary>
/// Makes whole lines of the pieces that arrive, so that two who talk at once are never mixed within a line. A line ends with LF or CRLF when
/// it comes, and with LF when it is given out; one longer than the limit is given out in parts.
/// </summary>
internal sealed class LineAssembler(int lineBytesMax)
{
    private byte[] _rest = [];
    private int _restLength;

    /// <summary>Whether a line has begun and not ended.</summary>
    public bool HasRest => _restLength > 0;

    /// <summary>Takes a piece; the lines that are whole now, each with its LF.</summary>
    public List<ReadOnlyMemory<byte>> Add(ReadOnlySpan<byte> piece)
    {
        List<ReadOnlyMemory<byte>> lines = [];
        while (!piece.IsEmpty)
        {
            // Only with one byte more is it certain that the line is too long: its end may be what comes next.
            if (_restLength == lineBytesMax && piece[0] != (byte)'\n')
                lines.Add(TakePart(piece[0]));
            int end = piece.IndexOf((byte)'\n');
            int length = Math.Min(end < 0 ? piece.Length : end, lineBytesMax - _restLength);
            Append(piece[..length]);
            piece = piece[length..];
            if (piece is [(byte)'\n', ..])
            {
                piece = piece[1..];
                lines.Add(Take());
            }
        }

        return lines;
    }

    /// <summary>Gives out the line that was begun, as if it had ended.</summary>
    public ReadOnlyMemory<byte> TakeRest() => Take();

    private void Append(ReadOnlySpan<byte> bytes)
    {
        int needed = _restLength + bytes.Length;
        if (needed > _rest.Length)
            Array.Resize(ref _rest, Math.Min(Math.Max(needed, _rest.Length * 2), lineBytesMax));
        bytes.CopyTo(_rest.AsSpan(_restLength));
        _restLength = needed;
    }

    /// <summary>A part of a line that goes on; no character is cut in two.</summary>
    private byte[] TakePart(byte next)
    {
        ReadOnlySpan<byte> line = _rest.AsSpan(0, _restLength);
        int length = Utf8Parts.LengthBefore(line, next);
        byte[] part = [.. line[..length], (byte)'\n'];
        (_rest, _restLength) = (line[length..].ToArray(), line.Length - length);
        return part;
    }

    private byte[] Take()
    {
        ReadOnlySpan<byte> line = _rest.AsSpan(0, _restLength);
        if (line is [.., (byte)'\r'])
            line = line[..^1];
        byte[] whole = [.. line, (byte)'\n'];
        (_rest, _restLength) = ([], 0); // a silent member holds no buffer
        return whole;
    }
}
