namespace Sockeye.Eye.Masking;

/// <summary>What reading PostgreSQL's messages in either direction needs.</summary>
internal abstract class PostgresRule : SecretRule
{
    private int _have;

    /// <summary>Reads a number of four bytes, the highest first; true: this byte was its last.</summary>
    protected bool Number(ref uint number, byte value)
    {
        number = (number << 8) | value;
        if (++_have < sizeof(uint))
            return false;
        _have = 0;
        return true;
    }
}
