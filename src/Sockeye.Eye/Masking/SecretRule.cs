namespace Sockeye.Eye.Masking;

/// <summary>One way in which secrets are said. Told every byte of one direction, one at a time, so that it does not matter how the stream is cut.</summary>
internal abstract class SecretRule
{
    /// <summary>Whether the byte belongs to a secret.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="rest">What is known to follow it; perhaps nothing.</param>
    public abstract bool Take(byte value, ReadOnlySpan<byte> rest);

    /// <summary>Some bytes were not seen: whatever was begun cannot be told any more.</summary>
    public abstract void Miss();

    protected static byte Lower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
}
