using System.Buffers;
using System.Globalization;
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
    private const char Replacement = '\ufffd';

    /// <summary>How much of a line's end is looked at to find its last character: families of emoji have some 30 bytes.</summary>
    private const int CharacterBytesMax = 128;

    /// <summary>What ends a plain run of bytes.</summary>
    private static readonly SearchValues<byte> Special =
        SearchValues.Create([0, EndOfText, EndOfFile, Backspace, (byte)'\n', (byte)'\r', EraseLine, EraseWord, Delete, TelnetParser.Iac]);

    private readonly TelnetParser _telnet = new();
    private byte[]? _line;
    private int _length;
    private int _dropped;
    private bool _wasReturn;

    /// <summary>The client's telnet, as far as it has one.</summary>
    public TelnetParser Telnet => _telnet;

    private bool IsEmpty => _length == 0 && _dropped == 0;

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
        return !IsEmpty && EndLine(out input);
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
            plain = Math.Min(plain < 0 ? span.Length - taken : plain, lineBytesMax + 1);
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
                EraseLastWord();
                return false;
            case EraseLine:
                ClearLine();
                return false;
            case EndOfFile when IsEmpty:
                input = new TextInput(TextInputKind.End);
                return true;
            case EndOfText:
                return Interrupt(out input);
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
                return Interrupt(out input);
            case TelnetAnswerKind.Endless:
                input = new TextInput(TextInputKind.Endless);
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
            input = new TextInput(TextInputKind.Line, Encoding.UTF8.GetString(line), IsDamaged: !Utf8.IsValid(line));
        }

        ClearLine();
        return isWhole;
    }

    /// <summary>Takes back the line that is being typed; on an empty one it is the wish to go.</summary>
    private bool Interrupt(out TextInput input)
    {
        input = new TextInput(TextInputKind.End);
        bool isEmpty = IsEmpty;
        ClearLine();
        return isEmpty;
    }

    /// <summary>Takes back the last character as people count them: a letter with its marks, a family of emoji.</summary>
    private void EraseCharacter()
    {
        if (_length == 0)
            return;
        int from = Math.Max(0, _length - CharacterBytesMax);
        while (from > 0 && from < _length - 1 && (_line![from] & 0xc0) == 0x80)
            from++;
        ReadOnlySpan<byte> end = _line.AsSpan(from, _length - from);
        string text = Encoding.UTF8.GetString(end);
        ReadOnlySpan<char> last = text.AsSpan(StringInfo.ParseCombiningCharacters(text)[^1]);

        // What is no UTF-8 has another length as text.
        int bytes = Encoding.UTF8.GetByteCount(last);
        if (last.Contains(Replacement))
            Rune.DecodeLastFromUtf8(end, out _, out bytes);
        _length -= bytes;
    }

    private void EraseLastWord()
    {
        while (_length > 0 && _line![_length - 1] == ' ')
            _length--;
        while (_length > 0 && _line![_length - 1] != ' ')
            _length--;
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
