namespace Sockeye.Eye.Masking;

/// <summary>
/// What a PostgreSQL server proves while somebody logs in by SASL or GSSAPI. It holds no password, but with what both said in the clear whoever has it can try passwords
/// until one fits (RFC 5802, section 3: ServerSignature). A stream is a PostgreSQL server's if it begins as one.
/// </summary>
internal sealed class PostgresProofs : PostgresRule
{
    private const int HeaderLength = 8;
    private const int LengthMax = 10_000;
    private const int Done = 0;
    private const int GssContinue = 8;
    private const int SaslFinal = 12;

    private Phase _phase;
    private byte _type;
    private uint _length;
    private uint _code;
    private long _left;
    private bool _hasBegun;

    private enum Phase
    {
        Type,
        Length,
        Code,
        Body,

        /// <summary>It is another protocol, or all have logged in.</summary>
        Other,

        /// <summary>Bytes were missed while a proof could be told: all is hidden.</summary>
        Lost,
    }

    private bool IsProof => _type == (byte)'R' && _code is GssContinue or SaslFinal;

    public override bool Take(byte value, ReadOnlySpan<byte> rest)
    {
        switch (_phase)
        {
            case Phase.Type:
                Begin(value);
                return false;
            case Phase.Length:
                if (Number(ref _length, value))
                    _phase = _length is >= HeaderLength and <= LengthMax ? Phase.Code : Phase.Other;
                return false;
            case Phase.Code:
                if (Number(ref _code, value))
                    Go();
                return false;
            case Phase.Body:
                if (--_left == 0)
                    _phase = Phase.Type;
                return IsProof;
            default:
                return _phase == Phase.Lost;
        }
    }

    public override void Miss() => _phase = _phase == Phase.Other || !_hasBegun ? Phase.Other : Phase.Lost;

    /// <summary>Before its first message a server may refuse encryption, with one letter; later that is a notice.</summary>
    private void Begin(byte type)
    {
        if (type == (byte)'N' && !_hasBegun)
            return;
        _type = type;
        _phase = type is (byte)'R' or (byte)'v' or (byte)'N' ? Phase.Length : Phase.Other;
        _hasBegun |= _phase == Phase.Length;
    }

    private void Go()
    {
        _left = _length - HeaderLength;
        if (_type == (byte)'R' && _code == Done)
            _phase = Phase.Other;
        else
            _phase = _left == 0 ? Phase.Type : Phase.Body;
    }
}
