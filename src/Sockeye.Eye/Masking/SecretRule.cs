namespace Sockeye.Eye.Masking;

/// <summary>
/// One way in which secrets are said. Told every byte of one direction, one at a time, so that it does not matter how the stream is cut; what cannot be or become one is
/// passed over at once.
/// </summary>
internal abstract class SecretRule
{
    /// <summary>Says which bytes of a fragment belong to a secret.</summary>
    /// <param name="data">The fragment.</param>
    /// <param name="secret">Is set where they do; as long as the fragment.</param>
    public void Find(ReadOnlySpan<byte> data, Span<bool> secret)
    {
        for (int i = Pass(data); i < data.Length; i += Pass(data[i..]))
        {
            secret[i] |= Take(data[i], data[(i + 1)..]);
            i++;
        }
    }

    /// <summary>Takes the first bytes that are no secret, as many as it sees at once to be none; perhaps none. It is then as if each had been taken by itself.</summary>
    /// <returns>How many.</returns>
    public virtual int Pass(ReadOnlySpan<byte> data) => 0;

    /// <summary>Whether the byte belongs to a secret.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="rest">What is known to follow it; perhaps nothing.</param>
    public abstract bool Take(byte value, ReadOnlySpan<byte> rest);

    /// <summary>Some bytes were not seen: whatever was begun cannot be told any more.</summary>
    public abstract void Miss();

    /// <summary>A message has ended between bytes. What counts its bytes, or ends with a sign, goes on in the next.</summary>
    public virtual void EndMessage()
    {
    }

    /// <summary>How many bytes come before the next of this value, or are left.</summary>
    protected static int CountBefore(ReadOnlySpan<byte> data, byte value) => data.IndexOf(value) is >= 0 and var index ? index : data.Length;

    protected static byte Lower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
}
