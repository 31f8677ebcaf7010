using System.Buffers;

namespace Sockeye;

/// <summary>
/// Bytes that a network has received ahead, lent to a connection's reader where they lie, all of its memory. The reader gives them back when they are consumed; those of a reader that is
/// forgotten are given back when it is collected.
/// </summary>
internal abstract class LentBytes : MemoryManager<byte>
{
    /// <summary>How many there are.</summary>
    public abstract int Length { get; }

    /// <summary>The network may use the memory for others from here on.</summary>
    public abstract void GiveBack();
}
