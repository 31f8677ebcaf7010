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

    private static readonly string[] Words =
        ["password", "passwd", "passphrase", "passwort", "pwd", "secret", "token", "api_key", "apikey", "api-key", "private_key", "access_key", "credential", "requirepass", "masterauth"];

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

    public override void Miss()
    {
        (_phase, _hadBackslash) = (Phase.Name, false);
        _name.Clear();
    }

    private static bool IsOfName(byte value) => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'_' or (byte)'-';

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
