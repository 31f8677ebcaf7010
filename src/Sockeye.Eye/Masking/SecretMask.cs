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
    /// <param name="data">The fragment.</param>
    /// <param name="other">Another way to read the same; what either tells for a secret is masked.</param>
    /// <returns>How many bytes were masked.</returns>
    public int Apply(Span<byte> data, SecretMask? other = null)
    {
        bool[] rented = ArrayPool<bool>.Shared.Rent(data.Length);
        Span<bool> secret = rented.AsSpan(0, data.Length);
        secret.Clear();
        Find(data, secret);
        other?.Find(data, secret);
        int masked = Mark(data, secret);
        ArrayPool<bool>.Shared.Return(rented);
        return masked;
    }

    /// <summary>A message has ended between fragments, and with it what would go on to the end of a word or a line.</summary>
    public void EndMessage()
    {
        foreach (SecretRule rule in _rules)
            rule.EndMessage();
    }

    /// <summary>All rules are told of all bytes.</summary>
    private void Find(ReadOnlySpan<byte> data, Span<bool> secret)
    {
        foreach (SecretRule rule in _rules)
            rule.Find(data, secret);
        if (_hasMissed)
            MaskFirstLine(data, secret);
    }

    private static int Mark(Span<byte> data, ReadOnlySpan<bool> secret)
    {
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
