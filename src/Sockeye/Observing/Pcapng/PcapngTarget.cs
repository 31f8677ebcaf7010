namespace Sockeye;

/// <summary>Where a recording is written. Every method may throw an <see cref="IOException"/>.</summary>
internal abstract class PcapngTarget : IDisposable
{
    /// <summary>How much is in the file being written, without what a failing write left.</summary>
    public long Length { get; protected set; }

    /// <summary>Writes whole blocks behind <see cref="Length"/>: all of them, or none that count.</summary>
    public abstract void Write(ReadOnlySpan<byte> blocks);

    /// <summary>So much more is better begun in a new file.</summary>
    public abstract bool IsFullWith(long more);

    /// <summary>Begins the next file.</summary>
    public abstract void Rotate();

    /// <inheritdoc/>
    public abstract void Dispose();
}
