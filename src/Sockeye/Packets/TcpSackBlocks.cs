namespace Sockeye;

/// <summary>The SACK blocks of a segment: none to four, without an array.</summary>
public readonly record struct TcpSackBlocks
{
    /// <summary>The most that fit into a header (RFC 2018 section 3).</summary>
    public const int CountMax = 4;

    private readonly TcpSackBlock _first;
    private readonly TcpSackBlock _second;
    private readonly TcpSackBlock _third;
    private readonly TcpSackBlock _fourth;

    /// <summary>Holds these blocks.</summary>
    /// <exception cref="ArgumentException">There are more than <see cref="CountMax"/>.</exception>
    public TcpSackBlocks(params ReadOnlySpan<TcpSackBlock> blocks)
    {
        if (blocks.Length > CountMax)
            throw new ArgumentException($"A segment has at most {CountMax} SACK blocks, not {blocks.Length}.", nameof(blocks));
        Count = blocks.Length;
        _first = Count > 0 ? blocks[0] : default;
        _second = Count > 1 ? blocks[1] : default;
        _third = Count > 2 ? blocks[2] : default;
        _fourth = Count > 3 ? blocks[3] : default;
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>One of them, counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public TcpSackBlock this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return index switch { 0 => _first, 1 => _second, 2 => _third, _ => _fourth };
        }
    }
}
