namespace Sockeye.Eye.Masking;

/// <summary>
/// What a PostgreSQL client answers when it is asked for a password, in the clear, hashed or by SASL: messages of the type <c>p</c>
/// (PostgreSQL's documentation, "Message Formats"). A stream is PostgreSQL's if it begins as one.
/// </summary>
internal sealed class PostgresSecrets : PostgresRule
{
    private const int Version3 = 196608;
    private const int SslRequest = 80877103;
    private const int GssRequest = 80877104;
    private const int RequestLength = 8;
    private const int StartupLengthMax = 10_000;

    private Phase _phase;
    private uint _length;
    private uint _code;
    private long _left;
    private bool _isPassword;
    private bool _isReady;

    private enum Phase
    {
        StartLength,
        StartCode,
        StartBody,
        Type,
        Length,
        Body,

        /// <summary>It is another protocol.</summary>
        Other,

        /// <summary>Bytes were missed while a password could be told: all is hidden.</summary>
        Lost,
    }

    public override int Pass(ReadOnlySpan<byte> data)
    {
        if (_phase == Phase.Other)
            return data.Length;
        if (_phase != Phase.StartBody && (_phase != Phase.Body || _isPassword))
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
            case Phase.StartLength:
                if (Number(ref _length, value))
                    _phase = _length is >= RequestLength and <= StartupLengthMax ? Phase.StartCode : Phase.Other;
                return false;
            case Phase.StartCode:
                if (Number(ref _code, value))
                    Start();
                return false;
            case Phase.StartBody:
                if (--_left == 0)
                    _phase = Phase.Type;
                return false;
            case Phase.Type:
                (_isPassword, _phase) = (value == (byte)'p', Phase.Length);
                _isReady |= !_isPassword;
                return false;
            case Phase.Length:
                if (Number(ref _length, value))
                    Begin();
                return false;
            case Phase.Body:
                if (--_left == 0)
                    _phase = Phase.Type;
                return _isPassword;
            default:
                return _phase == Phase.Lost;
        }
    }

    public override void Miss() => _phase = _phase == Phase.Other || _isReady || _code == 0 ? Phase.Other : Phase.Lost;

    private void Start()
    {
        if (_length == RequestLength && _code is SslRequest or GssRequest)
        {
            _phase = Phase.StartLength;
            return;
        }

        _left = _length - RequestLength;
        _phase = _code != Version3 ? Phase.Other : _left == 0 ? Phase.Type : Phase.StartBody;
    }

    private void Begin()
    {
        _left = (long)_length - sizeof(uint);
        _phase = _left > 0 ? Phase.Body : _left == 0 ? Phase.Type : Phase.Other;
    }
}
