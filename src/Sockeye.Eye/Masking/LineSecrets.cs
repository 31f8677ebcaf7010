using System.Buffers;

namespace Sockeye.Eye.Masking;

/// <summary>
/// Lines that begin with a word behind which a secret stands: HTTP's headers (RFC 9110, 11.6; RFC 6265), PASS of FTP and POP3 (RFC 959, RFC 1939), AUTH of SMTP, POP3 and
/// Redis (RFC 4954, RFC 5034), LOGIN and AUTHENTICATE of IMAP (RFC 9051, 6.2). What such a line asks for, the next lines answer.
/// </summary>
internal sealed class LineSecrets : SecretRule
{
    /// <summary>The longest beginning of a line that is looked at, in bytes: an IMAP tag and a command, or a header's name.</summary>
    private const int HeadMax = 48;

    private static readonly string[] Headers =
        ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token", "x-csrf-token", "authentication-info"];

    /// <summary>What ends a part of the head that says something.</summary>
    private static readonly SearchValues<byte> HeadMarks = SearchValues.Create(" :\r\n"u8);

    private readonly char[] _head = new char[HeadMax];
    private int _headLength;
    private bool _isHidden;
    private bool _isFolded;
    private bool _isHeader;
    private bool _hasLineEnd = true;
    private byte _last;
    private int _hiddenLines;
    private Word _word;

    private enum Word
    {
        None,
        Auth,
        Login,
    }

    public override int Pass(ReadOnlySpan<byte> data)
    {
        if (_hasLineEnd || _isHidden)
            return 0;
        bool isHead = _headLength < HeadMax;
        int count = isHead ? CountOfHead(data[..Math.Min(data.Length, HeadMax - _headLength)]) : CountBefore(data, (byte)'\n');
        if (data[..count].LastIndexOfAnyExcept((byte)'\r') is >= 0 and var last)
            _last = data[last];
        for (int i = 0; isHead && i < count; i++)
            _head[_headLength++] = (char)Lower(data[i]);
        return count;
    }

    public override bool Take(byte value, ReadOnlySpan<byte> rest)
    {
        if (_hasLineEnd)
            Begin(value);
        if (value is (byte)'\n')
        {
            End();
            return false;
        }

        bool isEnd = value is (byte)'\r';
        bool hidden = _isHidden && !isEnd;
        if (!isEnd)
            _last = value;
        if (_headLength < HeadMax && !isEnd)
        {
            _head[_headLength++] = (char)Lower(value);
            if (!_isHidden)
                Look(value);
        }

        return hidden;
    }

    public override void EndMessage()
    {
        if (!_hasLineEnd)
            Take((byte)'\n', []);
    }

    public override void Miss()
    {
        // Conservative: of what follows up to the next line nothing is known, and what an AUTH asked for may still come.
        _hasLineEnd = false;
        _head.AsSpan().Fill(' ');
        _headLength = HeadMax;
        _isHidden = false;
    }

    private static int CountOfHead(ReadOnlySpan<byte> data) => data.IndexOfAny(HeadMarks) is >= 0 and var index ? index : data.Length;

    private void Begin(byte value)
    {
        _hasLineEnd = false;
        _headLength = 0;
        _word = Word.None;
        _last = 0;

        // A header goes on in lines that begin with a space (RFC 9112, 5.2).
        bool isFold = value is (byte)' ' or (byte)'\t';
        _isHidden = _hiddenLines > 0 || (_isFolded && isFold);
        _isHeader = _isFolded && isFold;
        if (_hiddenLines > 0)
            _hiddenLines--;
    }

    private void End()
    {
        _hasLineEnd = true;
        _isFolded = _isHeader;
        string line = _word == Word.None ? "" : new string(_head, 0, _headLength);
        if (_word == Word.Auth)
            _hiddenLines = LinesAfter(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        else if (_isHidden && !_isHeader && _last == (byte)'}')
            _hiddenLines = Math.Max(_hiddenLines, 1);
        else if (_word == Word.Login)
            _hiddenLines = line.Contains(" authenticate ", StringComparison.Ordinal) ? LinesAfter(line[(line.IndexOf(" authenticate ", StringComparison.Ordinal) + 14)..]) : 0;
        if (_word == Word.Login && _last == (byte)'}')
            _hiddenLines = 2;
    }

    private void Look(byte value)
    {
        if (value is not ((byte)' ' or (byte)':'))
            return;
        ReadOnlySpan<char> head = _head.AsSpan(0, _headLength - 1);
        if (value == (byte)':')
        {
            _isHeader = _isHidden = IsHeader(head);
            return;
        }

        int space = head.LastIndexOf(' ');
        ReadOnlySpan<char> word = head[(space + 1)..];
        if (space < 0 && (word is "pass" or "auth" or "apop" or "acct"))
            (_isHidden, _word) = (true, word is "auth" ? Word.Auth : Word.None);
        else if (space > 0 && !head[..space].Contains(' ') && (word is "login" or "authenticate"))
            (_isHidden, _word) = (true, Word.Login);
    }

    private static bool IsHeader(ReadOnlySpan<char> name)
    {
        foreach (string header in Headers)
        {
            if (name.SequenceEqual(header))
                return true;
        }

        return false;
    }

    /// <summary>How many lines answer a mechanism's questions. The word may be a Redis password: then it has none.</summary>
    private static int LinesAfter(string argument)
    {
        string[] parts = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int given = parts.Length - 1;
        return parts.FirstOrDefault() switch
        {
            "login" => Math.Max(0, 2 - given),
            "plain" or "xoauth2" or "oauthbearer" or "external" or "cram-md5" => Math.Max(0, 1 - given),
            "digest-md5" or "ntlm" or "gssapi" => 3,
            string mechanism when mechanism.StartsWith("scram-", StringComparison.Ordinal) => 3,
            _ => 0,
        };
    }
}
