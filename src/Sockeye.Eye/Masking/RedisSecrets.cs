using System.Text;

namespace Sockeye.Eye.Masking;

/// <summary>
/// What Redis commands say behind AUTH, and what ACL SETUSER and CONFIG SET set, as arrays of bulk strings: <c>*2 $4 AUTH $6 secret</c>
/// (the Redis serialization protocol, RESP). What is said in plain lines is <see cref="LineSecrets"/>' business.
/// </summary>
internal sealed class RedisSecrets : SecretRule
{
    /// <summary>How much of an argument is looked at to know the command.</summary>
    private const int WordMax = 24;

    private readonly StringBuilder _word = new();
    private Phase _phase = Phase.LineStart;
    private long _number;
    private long _left;
    private int _argument;
    private long _arguments;
    private bool _isSecret;
    private string _command = "";

    /// <summary>Whether bytes were missed in the middle of commands: what is no beginning of one may be the end of a secret.</summary>
    private bool _isLost;

    private enum Phase
    {
        LineStart,
        OtherLine,
        Count,
        BulkStart,
        BulkLength,
        Bulk,
        BulkEnd,
    }

    public override int Pass(ReadOnlySpan<byte> data)
    {
        if (_phase == Phase.OtherLine && !_isLost)
            return CountBefore(data, (byte)'\n');
        if (_phase != Phase.Bulk || _isSecret || _word.Length < WordMax)
            return 0;

        // The last one ends it.
        int count = (int)Math.Min(data.Length, _left - 1);
        _left -= count;
        return count;
    }

    public override bool Take(byte value, ReadOnlySpan<byte> rest)
    {
        switch (_phase)
        {
            case Phase.LineStart when value == (byte)'*':
                (_phase, _number, _isLost) = (Phase.Count, 0, false);
                return false;
            case Phase.LineStart or Phase.OtherLine:
                _phase = value == (byte)'\n' ? Phase.LineStart : Phase.OtherLine;
                return _isLost && value is not ((byte)'\r' or (byte)'\n');
            case Phase.Count:
                if (TakeNumber(value, Phase.BulkStart))
                    (_arguments, _argument, _command, _isSecret) = (_number, 0, "", false);
                return false;
            case Phase.BulkStart:
                if (value == (byte)'$')
                    (_phase, _number) = (Phase.BulkLength, 0);
                else
                    Give(value);
                return false;
            case Phase.BulkLength:
                if (TakeNumber(value, Phase.Bulk))
                    Begin();
                return false;
            case Phase.Bulk:
                return TakeArgument(value);
            default:
                if (value == (byte)'\n')
                    End();
                return false;
        }
    }

    public override void Miss()
    {
        _isLost = _phase is not (Phase.LineStart or Phase.OtherLine) || _command.Length > 0;
        _phase = Phase.OtherLine;
    }

    /// <summary>True when the number's line has ended.</summary>
    private bool TakeNumber(byte value, Phase next)
    {
        if (value is >= (byte)'0' and <= (byte)'9' && _number < int.MaxValue)
            _number = (_number * 10) + value - (byte)'0';
        else if (value == (byte)'\n')
            _phase = next;
        else if (value != (byte)'\r')
            Give(value);
        return value == (byte)'\n';
    }

    /// <summary>It is no command after all.</summary>
    private void Give(byte value) => _phase = value == (byte)'\n' ? Phase.LineStart : Phase.OtherLine;

    private void Begin()
    {
        _left = _number;
        _word.Clear();
        if (_left == 0)
            _phase = Phase.BulkEnd;
    }

    private bool TakeArgument(byte value)
    {
        bool isFirst = _left == _number;
        if (_word.Length < WordMax)
            _word.Append((char)Lower(value));
        if (isFirst && _command is "acl" && _argument > 2 && value is (byte)'>' or (byte)'<' or (byte)'#' or (byte)'!')
            _isSecret = true;
        if (--_left == 0)
            _phase = Phase.BulkEnd;
        return _isSecret;
    }

    private void End()
    {
        string word = _word.ToString();
        if (_argument == 0)
            _command = word;
        bool isAuth = word is "auth" or "auth2" && (_argument == 0 || _command is "hello" or "migrate");
        _isSecret = _command is "acl" ? false : _isSecret || isAuth || (_command is "config" && word is "requirepass" or "masterauth" or "tls-key-file-pass");
        _phase = ++_argument < _arguments ? Phase.BulkStart : Phase.LineStart;
    }
}
