using System.Buffers;
using System.Buffers.Text;

namespace Sockeye;

/// <summary>
/// Finds the end of a value of RESP2 or RESP3 (redis.io/docs/latest/develop/reference/protocol-spec). An array is so many values more to come, so nothing is nested here
/// and no depth needs a limit.
/// </summary>
internal ref struct RespScanner
{
    /// <summary>The longest line that is a number, with its type and end, in bytes. A big number is no such line: it has any length.</summary>
    public const int NumberLineMax = 32;

    /// <summary>No value is shorter: <c>_</c>, CR, LF.</summary>
    private const int ValueSizeMin = 3;

    private const int LineEndSize = 2;
    private const int VerbatimPrefixSize = 4;

    private readonly int _sizeMax;
    private readonly long _searched;
    private readonly long _start;
    private readonly bool _isResumed;
    private SequenceReader<byte> _reader;

    /// <param name="window">The bytes that are there, no more than <paramref name="sizeMax"/>.</param>
    /// <param name="sizeMax">The largest value, in bytes.</param>
    /// <param name="progress">What <see cref="Position"/> and <see cref="Outstanding"/> were when the bytes ended before the value.</param>
    public RespScanner(ReadOnlySequence<byte> window, int sizeMax, in FrameProgress progress)
    {
        _isResumed = progress.Position > 0;
        _start = progress.Position;
        _searched = progress.Searched;
        _sizeMax = sizeMax;
        _reader = new SequenceReader<byte>(_isResumed ? window.Slice(_start) : window);
        Position = _start;
        Outstanding = _isResumed ? progress.State : 1;
    }

    /// <summary>Where the next value begins that is not known to be whole.</summary>
    public long Position { get; private set; }

    /// <summary>How many values are to come from there on, as far as is known.</summary>
    public long Outstanding { get; private set; }

    /// <returns>False if more bytes are needed.</returns>
    /// <exception cref="FrameTooLargeException">It is certain that the value is larger than the limit.</exception>
    /// <exception cref="ProtocolException">It is no value.</exception>
    public bool TryFindEnd(out long end)
    {
        while (Outstanding > 0)
        {
            if (!TryPass())
            {
                end = 0;
                return false;
            }

            Position = _start + _reader.Consumed;
            Outstanding--;
            if (Position + (Outstanding * ValueSizeMin) > _sizeMax)
                throw new FrameTooLargeException(_sizeMax);
        }

        end = Position;
        return true;
    }

    /// <summary>Passes one value, or the head of one that others follow.</summary>
    private bool TryPass()
    {
        if (!_reader.TryPeek(out byte type))
            return false;
        switch ((char)type)
        {
            case '+' or '-' or '(' or ',':
                return TryPassText((char)type);
            case ':' or '_' or '#':
                return TryPassNumberLine((char)type);
            case '$' or '!' or '=':
                return TryPassBytes((char)type);
            case '*' or '~' or '>' or '%' or '|':
                return TryPassCount((char)type);
            case ';' or '.':
                throw Streamed();
            default:
                return Position == 0 && type is (>= 0x20 and not 0x7F) or (byte)'\t' or (byte)'\r' or (byte)'\n'
                    ? TryFindLine(out _)
                    : throw new ProtocolException($"0x{type:X2} begins no RESP value.");
        }
    }

    /// <summary>A line of any length: a simple string, an error, a big number or a floating-point number.</summary>
    private bool TryPassText(char type)
    {
        if (!TryFindLine(out ReadOnlySequence<byte> line))
            return false;
        if (line.Length <= LineEndSize || line.PositionOf((byte)'\r') is not { } end || line.Slice(end).Length != LineEndSize)
            throw new ProtocolException("A line of RESP that ends with LF alone, or has a CR within.");
        if ((type == '(' && !IsAll(Content(line), "+-", "0123456789")) || (type == ',' && !IsAll(Content(line), "", "+-.0123456789eEinfa")))
            throw new ProtocolException($"What follows \"{type}\" is no number.");
        return true;
    }

    private bool TryPassNumberLine(char type)
    {
        Span<byte> buffer = stackalloc byte[NumberLineMax];
        if (!TryReadNumberLine(buffer, out int length))
            return false;
        ReadOnlySpan<byte> content = buffer.Slice(1, length);
        bool isRight = type switch
        {
            '_' => content.IsEmpty,
            '#' => content is [(byte)'t' or (byte)'f'],
            _ => !content.IsEmpty && Utf8Parser.TryParse(content, out long _, out int count) && count == content.Length,
        };
        return isRight ? true : throw new ProtocolException($"What follows \"{type}\" in RESP is wrong: {Shown(content)}.");
    }

    private bool TryPassBytes(char type)
    {
        if (!TryReadCount(mayBeNull: type == '$', out long size))
            return false;
        if (size < 0)
            return true;
        if (size > _sizeMax)
            throw new FrameTooLargeException(_sizeMax, size);
        long end = _start + _reader.Consumed + size + LineEndSize;
        if (end + ((Outstanding - 1) * ValueSizeMin) > _sizeMax)
            throw new FrameTooLargeException(_sizeMax, Outstanding == 1 ? end : null);
        if (_reader.Remaining < size + LineEndSize)
            return false;
        if (type == '=' && (size < VerbatimPrefixSize || !_reader.TryPeek(VerbatimPrefixSize - 1, out byte colon) || colon != ':'))
            throw new ProtocolException("A verbatim string of RESP without its format in front, as in \"txt:\".");
        _reader.Advance(size);
        return _reader.IsNext("\r\n"u8, advancePast: true) ? true : throw new ProtocolException($"{size} bytes of RESP that CR and LF do not follow.");
    }

    private bool TryPassCount(char type)
    {
        if (!TryReadCount(mayBeNull: type == '*', out long count))
            return false;
        if (count > _sizeMax / ValueSizeMin)
            throw new FrameTooLargeException(_sizeMax);

        // An attribute stands before the value that it is about, which is still to come.
        Outstanding += type switch { '|' => (2 * count) + 1, '%' => 2 * count, _ => Math.Max(0, count) };
        return true;
    }

    /// <param name="mayBeNull">Whether it may be RESP2's null, -1.</param>
    /// <param name="count">The number behind the type.</param>
    private bool TryReadCount(bool mayBeNull, out long count)
    {
        count = -1;
        Span<byte> buffer = stackalloc byte[NumberLineMax];
        if (!TryReadNumberLine(buffer, out int length))
            return false;
        ReadOnlySpan<byte> content = buffer.Slice(1, length);
        if (content.SequenceEqual("?"u8))
            throw Streamed();
        if (mayBeNull && content.SequenceEqual("-1"u8))
            return true;
        if (content.IsEmpty || content.ContainsAnyExceptInRange((byte)'0', (byte)'9') || (content[0] == '0' && content.Length > 1))
            throw new ProtocolException($"A length of RESP that is no number: {Shown(content)}.");
        return Utf8Parser.TryParse(content, out count, out _) ? true : throw new FrameTooLargeException(_sizeMax);
    }

    /// <summary>Passes a short line; what stands between its type and its end is <paramref name="length"/> bytes from the second of the buffer on.</summary>
    private bool TryReadNumberLine(scoped Span<byte> buffer, out int length)
    {
        length = 0;
        ReadOnlySequence<byte> front = _reader.UnreadSequence.AtMost(NumberLineMax);
        if (front.PositionOf((byte)'\n') is not { } end)
            return front.Length == NumberLineMax ? throw new ProtocolException($"A number of RESP has no end after {NumberLineMax} bytes.") : false;
        front = front.Slice(0, front.GetPosition(1, end));
        front.CopyTo(buffer);
        _reader.Advance(front.Length);
        if (!buffer[1..(int)front.Length].EndsWith("\r\n"u8))
            throw new ProtocolException("A line of RESP that ends with LF alone.");
        length = (int)front.Length - 1 - LineEndSize;
        return true;
    }

    /// <summary>Passes a line, which may be as long as a value may; what was searched before is not searched again.</summary>
    private bool TryFindLine(out ReadOnlySequence<byte> line)
    {
        ReadOnlySequence<byte> rest = _reader.UnreadSequence;
        line = default;
        if (rest.PositionOf((byte)'\n', _searched - _start - _reader.Consumed) is not { } end)
            return false;
        line = rest.Slice(0, rest.GetPosition(1, end));
        _reader.Advance(line.Length);
        return true;
    }

    private static ReadOnlySequence<byte> Content(in ReadOnlySequence<byte> line) => line.Slice(1, line.Length - 1 - LineEndSize);

    /// <summary>Whether it is made of the others, with one of the first in front of them or not.</summary>
    private static bool IsAll(in ReadOnlySequence<byte> content, string first, string others)
    {
        long index = 0, right = 0;
        foreach (ReadOnlyMemory<byte> segment in content)
        {
            foreach (byte value in segment.Span)
            {
                if (others.Contains((char)value))
                    right++;
                else if (index > 0 || !first.Contains((char)value))
                    return false;
                index++;
            }
        }

        return right > 0;
    }

    private static string Shown(ReadOnlySpan<byte> content) => Display.Quote(System.Text.Encoding.Latin1.GetString(content));

    private static ProtocolException Streamed() => new("Streamed strings and arrays of RESP3 are not read: no server sends them.");
}
