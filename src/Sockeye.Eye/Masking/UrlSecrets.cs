namespace Sockeye.Eye.Masking;

/// <summary>
/// The password in a URL, <c>scheme://user:password@host</c> (RFC 3986, 3.2.1). Only the <c>@</c> behind it tells it from a port: where the fragment ends before that is known,
/// it is taken for a password.
/// </summary>
internal sealed class UrlSecrets : SecretRule
{
    private Phase _phase;
    private bool _isBracketed;

    private enum Phase
    {
        Other,
        Colon,
        Slash,
        Authority,
        Secret,
    }

    public override int Pass(ReadOnlySpan<byte> data) => _phase == Phase.Other ? CountBefore(data, (byte)':') : 0;

    public override bool Take(byte value, ReadOnlySpan<byte> rest)
    {
        switch (_phase)
        {
            case Phase.Colon:
                _phase = value == (byte)'/' ? Phase.Slash : Next(value);
                return false;
            case Phase.Slash:
                (_phase, _isBracketed) = (value == (byte)'/' ? Phase.Authority : Next(value), false);
                return false;
            case Phase.Authority:
                TakeAuthority(value, rest);
                return false;
            case Phase.Secret when value == (byte)'@' || EndsAuthority(value):
                _phase = Next(value);
                return false;
            case Phase.Secret:
                return true;
            default:
                _phase = Next(value);
                return false;
        }
    }

    public override void EndMessage() => Take((byte)'\n', []);

    public override void Miss() => _phase = Phase.Other;

    private static Phase Next(byte value) => value == (byte)':' ? Phase.Colon : Phase.Other;

    private static bool EndsAuthority(byte value) =>
        value is <= (byte)' ' or (byte)'/' or (byte)'?' or (byte)'#' or (byte)'"' or (byte)'\'' or (byte)'<' or (byte)'>' or (byte)',' or (byte)';' or (byte)')' or (byte)'}';

    private void TakeAuthority(byte value, ReadOnlySpan<byte> rest)
    {
        if (value is (byte)'[' or (byte)']')
            _isBracketed = value == (byte)'[';
        else if (value == (byte)'@' || EndsAuthority(value))
            _phase = Next(value);
        else if (value == (byte)':' && !_isBracketed)
            _phase = IsPassword(rest) ? Phase.Secret : Phase.Other;
    }

    private static bool IsPassword(ReadOnlySpan<byte> rest)
    {
        foreach (byte value in rest)
        {
            if (value == (byte)'@')
                return true;
            if (EndsAuthority(value))
                return false;
        }

        return true;
    }
}
