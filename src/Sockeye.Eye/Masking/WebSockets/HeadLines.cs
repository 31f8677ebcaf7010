namespace Sockeye.Eye.Masking.WebSockets;

/// <summary>The lines of HTTP's heads in one direction (RFC 9112, 2.2), however it is cut; of a long one the beginning.</summary>
internal sealed class HeadLines
{
    /// <summary>How many bytes of a line are kept. No header that is looked at is longer.</summary>
    private const int LineMax = 256;

    private readonly byte[] _line = new byte[LineMax];
    private int _length;
    private bool _hasEnded;

    /// <summary>The line that ended last, or goes on; without its end.</summary>
    public ReadOnlySpan<byte> Line => _line.AsSpan(0, _length).TrimEnd((byte)'\r');

    /// <summary>Takes the bytes up to the end of a line, or all.</summary>
    /// <returns>How many.</returns>
    public int Take(ReadOnlySpan<byte> data, out bool hasEnded)
    {
        if (_hasEnded)
            _length = 0;
        int end = data.IndexOf((byte)'\n');
        _hasEnded = hasEnded = end >= 0;
        ReadOnlySpan<byte> part = hasEnded ? data[..end] : data;
        part = part[..Math.Min(part.Length, LineMax - _length)];
        part.CopyTo(_line.AsSpan(_length));
        _length += part.Length;
        return hasEnded ? end + 1 : data.Length;
    }
}
