using System.Buffers;
using System.Buffers.Text;

namespace Sockeye;

/// <summary>Finds the end of a chunked body: RFC 9112, section 7.1.</summary>
internal ref struct HttpChunks
{
    /// <summary>The longest line with a chunk's size and extensions, or trailer, in bytes with its end.</summary>
    public const int LineMax = 8 * 1024;

    private const int LineEndSize = 2;
    private const int SizeDigitsMax = 15;       // so that any number of them can be added

    private readonly int _sizeMax;
    private readonly long _start;
    private SequenceReader<byte> _reader;

    /// <param name="window">What is there of the message from its first byte on, no more than <paramref name="sizeMax"/>.</param>
    /// <param name="sizeMax">The largest message, in bytes.</param>
    /// <param name="progress">Where the next chunk or trailer begins.</param>
    public HttpChunks(ReadOnlySequence<byte> window, int sizeMax, in FrameProgress progress)
    {
        _sizeMax = sizeMax;
        _start = progress.Position;
        _reader = new SequenceReader<byte>(window.Slice(_start));
        Position = _start;
        Stage = (HttpStage)progress.State;
    }

    /// <summary>Where the next chunk or trailer begins; in the end, where the message ends.</summary>
    public long Position { get; private set; }

    /// <summary>Which of them it is.</summary>
    public HttpStage Stage { get; private set; }

    /// <returns>False if more bytes are needed.</returns>
    /// <exception cref="FrameTooLargeException">It is certain that the message is larger than the limit.</exception>
    /// <exception cref="ProtocolException">It is no chunked body.</exception>
    public bool TryFindEnd()
    {
        bool isLast = false;
        while (!isLast)
        {
            bool passed = Stage == HttpStage.Chunk ? TryPassChunk() : TryPassTrailer(out isLast);
            if (!passed)
                return false;
            Position = _start + _reader.Consumed;
        }

        return true;
    }

    private bool TryPassChunk()
    {
        if (!TryReadLine(out ReadOnlySequence<byte> line))
            return false;
        long size = ReadSize(line.IsSingleSegment ? line.FirstSpan : line.ToArray());
        if (size == 0)
        {
            Stage = HttpStage.Trailer;
            return true;
        }

        if (_start + _reader.Consumed + size + LineEndSize > _sizeMax)
            throw new FrameTooLargeException(_sizeMax);
        if (_reader.Remaining < size + LineEndSize)
            return false;
        _reader.Advance(size);
        return _reader.IsNext("\r\n"u8, advancePast: true) ? true : throw new ProtocolException($"A chunk of {size} bytes that CR and LF do not follow.");
    }

    private bool TryPassTrailer(out bool isLast)
    {
        isLast = false;
        if (!TryReadLine(out ReadOnlySequence<byte> line))
            return false;
        isLast = line.IsEmpty;
        return isLast || (line.PositionOf((byte)':') is { } colon && line.Slice(0, colon).Length > 0) ? true : throw new ProtocolException("A trailer of HTTP without a name.");
    }

    private bool TryReadLine(out ReadOnlySequence<byte> line)
    {
        line = default;
        ReadOnlySequence<byte> front = _reader.UnreadSequence.AtMost(LineMax);
        if (front.PositionOf((byte)'\n') is not { } end)
            return front.Length < LineMax ? false : throw new ProtocolException($"A line between chunks of HTTP has no end after {LineMax} bytes.");
        front = front.Slice(0, front.GetPosition(1, end));
        _reader.Advance(front.Length - Math.Min(front.Length, LineEndSize));
        if (!_reader.IsNext("\r\n"u8, advancePast: true))
            throw new ProtocolException("A line between chunks of HTTP that ends with LF alone.");
        line = front.Slice(0, front.Length - LineEndSize);
        return true;
    }

    /// <summary>The size in hexadecimal digits; extensions behind a semicolon are passed over.</summary>
    private readonly long ReadSize(ReadOnlySpan<byte> line)
    {
        bool isSize = Utf8Parser.TryParse(line, out long size, out int digits, 'x');
        if (!isSize || digits > SizeDigitsMax || size < 0)
        {
            throw line is [(>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f') or (>= (byte)'A' and <= (byte)'F'), ..]
                ? new FrameTooLargeException(_sizeMax) : new ProtocolException("A chunk of HTTP without its size.");
        }

        ReadOnlySpan<byte> rest = line[digits..].TrimStart(" \t"u8);
        return rest.IsEmpty || rest[0] == ';' ? size : throw new ProtocolException($"0x{rest[0]:X2} behind the size of a chunk of HTTP.");
    }
}
