using System.Buffers;

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
        bool[] rented = ArrayPool<bool>.Shared.Rent(data.Length);
        int masked = Apply(data, rented.AsSpan(0, data.Length));
        ArrayPool<bool>.Shared.Return(rented);
        return masked;
    }

    private int Apply(Span<byte> data, Span<bool> secret)
    {
        secret.Clear();

        // All rules are told of all bytes.
        foreach (SecretRule rule in _rules)
            rule.Find(data, secret);
        if (_hasMissed)
            MaskFirstLine(data, secret);
        int masked = 0;
        for (int i = secret.IndexOf(true); i >= 0 && i < data.Length; i++)
        {
            if (!secret[i])
                continue;
            data[i] = Mask;
            masked++;
        }

        return masked;
    }

    /// <summary>The rest of a line of which the beginning was missed.</summary>
    private void MaskFirstLine(ReadOnlySpan<byte> data, Span<bool> secret)
    {
        int end = data.IndexOf((byte)'\n');
        _hasMissed = end < 0;
        secret[..(_hasMissed ? data.Length : end)].Fill(true);
        if (!_hasMissed)
            secret[end] = false;
    }

    /// <summary>Bytes are missing before the next fragment: it may go on in the middle of a secret, so its first line is masked.</summary>
    public void Miss()
    {
        _hasMissed = true;
        foreach (SecretRule rule in _rules)
            rule.Miss();
    }
}
