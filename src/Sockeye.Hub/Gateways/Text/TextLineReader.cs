using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>
/// Makes lines of what nc, telnet or a program sends: LF, CR LF and telnet's CR NUL end a line; what was typed and erased again is gone; telnet's
/// commands (RFC 854, 855) are taken out and answered. Pure. Between lines it holds no buffer.
/// </summary>
/// <param name="lineBytesMax">The longest line.</param>
/// <param name="endlessBytesMax">So long a line is no line any more.</param>
internal sealed class TextLineReader(int lineBytesMax, int endlessBytesMax)
{
    private const byte EndOfText = 3;
    private const byte EndOfFile = 4;
    private const byte Backspace = 8;
    private const byte EraseLine = 21;
    private const byte EraseWord = 23;
    private const byte Delete = 127;

    /// <summary>What ends a plain run of bytes.</summary>
    private static readonly SearchValues<byte> Special =
        SearchValues.Create([0, EndOfText, EndOfFile, Backspace, (byte)'\n', (byte)'\r', EraseLine, EraseWord, Delete, TelnetParser.Iac]);

    private readonly TelnetParser _telnet = new();
    private byte[]? _line;
    private int _length;
    private int _dropped;
    private bool _wasReturn;

    /// <summary>Whether telnet shows that it is telnet.</summary>
    public bool IsTelnet => _telnet.WasSeen;

    /// <summary>Whether passwords are typed without being shown: telnet was told that the echo is ours.</summary>
    public bool Echoes
    {
        get => _telnet.Echoes;
        set => _telnet.Echoes = value;
    }

    /// <summary>Takes the next thing out of <paramref name="bytes"/>, and the bytes it is made of.</summary>
    /// <returns>False: all are taken, and there is nothing complete in them.</returns>
    public bool TryRead(ref ReadOnlySequence<byte> bytes, out TextInput input)
    {
        while (!bytes.IsEmpty)
        {
            ReadOnlySpan<byte> span = bytes.FirstSpan;
            bool found = TryRead(span, out int taken, out input);
            bytes = bytes.Slice(taken);
            if (found)
                return true;
        }

        input = default;
        return false;
    }

    /// <summary>What is left when the peer has ended: its last line, if that has no end.</summary>
    public bool TryEnd(out TextInput input)
    {
        input = default;
        return (_length > 0 || _dropped > 0) && EndLine(out input);
    }

    private bool TryRead(ReadOnlySpan<byte> span, out int taken, out TextInput input)
    {
        taken = 0;
        input = default;
        while (taken < span.Length)
        {
            if (_telnet.IsInCommand)
            {
                if (_telnet.Take(span[taken++]) is { } answer && Answer(answer, out input))
                    return true;
                continue;
            }

            int plain = span[taken..].IndexOfAny(Special);
            plain = plain < 0 ? span.Length - taken : plain;
            if (plain > 0)
            {
                _wasReturn = false;
                bool isFull = !Append(span.Slice(taken, plain), out input);
                taken += plain;
                if (isFull)
                    return true;
                continue;
            }

            if (TakeSpecial(span[taken++], out input))
                return true;
        }

        return false;
    }

    /// <summary>A byte that is more than itself.</summary>
    private bool TakeSpecial(byte value, out TextInput input)
    {
        bool wasReturn = _wasReturn;
        _wasReturn = value == '\r';
        input = default;
        switch (value)
        {
            case (byte)'\r':
                return EndLine(out input);
            case (byte)'\n' when wasReturn:
                return false;
            case (byte)'\n':
                return EndLine(out input);
            case Backspace or Delete:
                EraseCharacter();
                return false;
            case EraseWord:
                while (_length > 0 && _line![_length - 1] == ' ')
                    _length--;
                while (_length > 0 && _line![_length - 1] != ' ')
                    _length--;
                return false;
            case EraseLine:
                ClearLine();
                return false;
            case EndOfText or EndOfFile when _length == 0:
                input = new TextInput(TextInputKind.End);
                return true;
            case EndOfText:
                ClearLine();
                return false;
            case TelnetParser.Iac:
                _telnet.Begin();
                _wasReturn = wasReturn;
                return false;
            default:
                return false;
        }
    }

    private bool Answer(TelnetAnswer answer, out TextInput input)
    {
        input = default;
        switch (answer.Kind)
        {
            case TelnetAnswerKind.Reply:
                input = new TextInput(TextInputKind.Telnet, Reply: answer.Reply);
                return true;
            case TelnetAnswerKind.Interrupt:
                input = new TextInput(TextInputKind.End);
                return true;
            case TelnetAnswerKind.EraseCharacter:
                EraseCharacter();
                return false;
            case TelnetAnswerKind.EraseLine:
                ClearLine();
                return false;
            default:
                // IAC IAC: the byte 255, which no UTF-8 has.
                return !Append([TelnetParser.Iac], out input);
        }
    }

    /// <summary>Keeps bytes of the line; false: there is something to tell.</summary>
    private bool Append(ReadOnlySpan<byte> bytes, out TextInput input)
    {
        input = default;
        bool wasWhole = _dropped == 0;
        if (wasWhole && _length + bytes.Length <= lineBytesMax)
        {
            Grow(_length + bytes.Length);
            bytes.CopyTo(_line.AsSpan(_length));
            _length += bytes.Length;
            return true;
        }

        bool wasEndless = _dropped >= endlessBytesMax;
        _dropped = (int)Math.Min(int.MaxValue / 2, (long)_dropped + _length + bytes.Length);
        Release();
        if (wasWhole)
            input = new TextInput(TextInputKind.TooLong);
        else if (!wasEndless && _dropped >= endlessBytesMax)
            input = new TextInput(TextInputKind.Endless);
        return input.Kind == TextInputKind.Line;
    }

    private void Grow(int length)
    {
        if (_line is { } line && line.Length >= length)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, 128));
        if (_line is { } smaller)
        {
            smaller.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(smaller);
        }

        _line = larger;
    }

    private bool EndLine(out TextInput input)
    {
        input = default;
        bool isWhole = _dropped == 0;
        if (isWhole)
        {
            ReadOnlySpan<byte> line = _line.AsSpan(0, _length);
            input = Utf8.IsValid(line) ? new TextInput(TextInputKind.Line, Encoding.UTF8.GetString(line)) : new TextInput(TextInputKind.NotUtf8);
        }

        ClearLine();
        return isWhole;
    }

    /// <summary>Takes back the last character: all bytes of it.</summary>
    private void EraseCharacter()
    {
        while (_length > 0 && (_line![--_length] & 0xc0) == 0x80)
        {
        }
    }

    private void ClearLine()
    {
        _dropped = 0;
        Release();
    }

    private void Release()
    {
        if (_line is { } line)
            ArrayPool<byte>.Shared.Return(line);
        _line = null;
        _length = 0;
    }
}
