namespace Sockeye.Eye.Masking;

/// <summary>
/// Masks what can be told for a secret in one direction of a stream: passwords of PostgreSQL, Redis, mail and FTP, HTTP's Authorization and cookies, passwords and tokens in
/// URLs, forms, JSON and SQL. Length and place stay. A secret that is cut by the fragments is masked all the same.
/// </summary>
internal sealed class SecretMask(bool fromClient)
{
    /// <summary>What stands for each byte of a secret.</summary>
    public const byte Mask = (byte)'*';

    private readonly SecretRule[] _rules = fromClient
        ? [new LineSecrets(), new NamedSecrets(), new UrlSecrets(), new RedisSecrets(), new PostgresSecrets()]
        : [new LineSecrets(), new NamedSecrets(), new UrlSecrets(), new PostgresProofs()];

    private bool _hasMissed;

    /// <summary>Masks the next fragment in place.</summary>
    /// <returns>How many bytes were masked.</returns>
    public int Apply(Span<byte> data)
    {
        int masked = 0;
        for (int i = 0; i < data.Length; i++)
        {
            byte value = data[i];

            // All rules are told of all bytes.
            bool isSecret = false;
            foreach (SecretRule rule in _rules)
                isSecret |= rule.Take(value, data[(i + 1)..]);
            bool isEnd = value == (byte)'\n';
            if ((isSecret || _hasMissed) && !(_hasMissed && isEnd))
            {
                data[i] = Mask;
                masked++;
            }

            _hasMissed &= !isEnd;
        }

        return masked;
    }

    /// <summary>Bytes are missing before the next fragment: it may go on in the middle of a secret, so its first line is masked.</summary>
    public void Miss()
    {
        _hasMissed = true;
        foreach (SecretRule rule in _rules)
            rule.Miss();
    }
}
