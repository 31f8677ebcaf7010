using System.Buffers;
using System.Text;

namespace Sockeye.Eye.Masking;

/// <summary>
/// A value behind a name that says what it is: <c>"password": "…"</c> in JSON, <c>token=…</c> in forms, URLs and connection strings, <c>PASSWORD '…'</c> in SQL. The name may be
/// longer and contain the word, as <c>client_secret</c> does.
/// </summary>
internal sealed class NamedSecrets : SecretRule
{
    /// <summary>The longest name, in bytes. Of a longer one the end is looked at.</summary>
    private const int NameMax = 40;

    /// <summary>How many bytes are searched for a name at once: so that it is little where one is found that often.</summary>
    private const int SearchMax = 512;

    private static readonly string[] Words =
        ["password", "passwd", "passphrase", "passwort", "pwd", "secret", "token", "api_key", "apikey", "api-key", "private_key", "access_key", "credential", "requirepass", "masterauth"];

    private static readonly SearchValues<string> SearchedWords = SearchValues.Create(Words, StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"u8);

    private readonly StringBuilder _name = new();
    private Phase _phase;
    private byte _quote;
    private bool _isEscaped;
    private bool _hadBackslash;
    private bool _hadSpace;

    private enum Phase
    {
        /// <summary>A name may begin or go on.</summary>
        Name,

        /// <summary>The name is one of those; what says that a value follows may come.</summary>
        Separator,

        /// <summary>The value begins.</summary>
        Value,

        /// <summary>It goes on to the quote.</summary>
        Quoted,

        /// <summary>It goes on to whatever ends a word.</summary>
        Bare,
    }

    public override int Pass(ReadOnlySpan<byte> data)
    {
        if (_phase != Phase.Name)
            return 0;
        return _name.Length > 0 ? PassName(data) : PassNames(data);
    }

    public override bool Take(byte value, ReadOnlySpan<byte> rest)
    {
        switch (_phase)
        {
            case Phase.Name:
                TakeName(value);
                return false;
            case Phase.Separator:
                TakeSeparator(value);
                return false;
            case Phase.Value:
                return TakeFirst(value);
            case Phase.Quoted:
                return TakeQuoted(value);
            default:
                return TakeBare(value);
        }
    }

    public override void EndMessage() => Take((byte)'\n', []);

    public override void Miss()
    {
        (_phase, _hadBackslash) = (Phase.Name, false);
        _name.Clear();
    }

    private static bool IsOfName(byte value) => NameBytes.Contains(value);

    /// <summary>The bytes of one name.</summary>
    private int PassName(ReadOnlySpan<byte> data)
    {
        int length = data.IndexOfAnyExcept(NameBytes) is >= 0 and var end ? end : data.Length;
        ReadOnlySpan<byte> last = data[Math.Max(0, length - NameMax)..length];
        _name.Remove(0, Math.Max(0, Math.Min(_name.Length, _name.Length + last.Length - NameMax)));
        foreach (byte value in last)
            _name.Append((char)Lower(value));
        return length;
    }

    /// <summary>Names that are none of those, and what is between them, up to one that may be.</summary>
    private int PassNames(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> searched = data[..Math.Min(data.Length, SearchMax)];
        Span<char> text = stackalloc char[SearchMax];
        int length = Encoding.Latin1.GetChars(searched, text);
        int word = text[..length].IndexOfAny(SearchedWords);

        // What is in front of the name that the word is in, or of the last one, which may go on.
        int before = searched[..(word < 0 ? length : word)].LastIndexOfAnyExcept(NameBytes) + 1;
        return before > 0 ? before : PassName(data);
    }

    private void TakeName(byte value)
    {
        if (IsOfName(value))
        {
            if (_name.Length == NameMax)
                _name.Remove(0, 1);
            _name.Append((char)Lower(value));
            return;
        }

        bool isSecret = _name.Length > 2 && IsSecret(_name.ToString());
        _name.Clear();
        if (!isSecret)
            return;
        (_phase, _hadSpace) = (Phase.Separator, false);
        TakeSeparator(value);
    }

    private static bool IsSecret(string name)
    {
        foreach (string word in Words)
        {
            if (name.Contains(word, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private void TakeSeparator(byte value)
    {
        switch (value)
        {
            case (byte)':' or (byte)'=':
                (_phase, _hadBackslash) = (Phase.Value, false);
                break;

            // The quote that ends the name, or the one that begins SQL's value.
            case (byte)'\'' when _hadSpace:
                (_phase, _quote, _isEscaped, _hadBackslash) = (Phase.Quoted, value, false, false);
                break;
            case (byte)'"' or (byte)'\\' or (byte)'\'':
                break;
            case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                _hadSpace = true;
                break;
            default:
                _phase = Phase.Name;
                TakeName(value);
                break;
        }
    }

    private bool TakeFirst(byte value)
    {
        switch (value)
        {
            case (byte)' ' or (byte)'\t':
                return false;
            case (byte)'\\':
                _hadBackslash = true;
                return false;
            case (byte)'"' or (byte)'\'':
                (_phase, _quote, _isEscaped) = (Phase.Quoted, value, false);
                return false;
            case (byte)'[' or (byte)'{':
                _phase = Phase.Name;
                return false;
            default:
                _phase = Phase.Bare;
                return TakeBare(value);
        }
    }

    private bool TakeQuoted(byte value)
    {
        if (_isEscaped && !(_hadBackslash && value == _quote))
        {
            _isEscaped = false;
            return true;
        }

        if (value == _quote)
        {
            _phase = Phase.Name;
            return false;
        }

        _isEscaped = value == (byte)'\\';
        return true;
    }

    private bool TakeBare(byte value)
    {
        if (value is <= (byte)' ' or (byte)'&' or (byte)';' or (byte)',' or (byte)'"' or (byte)'\'' or (byte)'}' or (byte)')' or (byte)']' or (byte)'<')
        {
            _phase = Phase.Name;
            return false;
        }

        return true;
    }
}
