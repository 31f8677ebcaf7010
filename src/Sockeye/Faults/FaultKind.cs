namespace Sockeye;

/// <summary>What a fault does to a connection, a piece of a stream or a datagram.</summary>
public enum FaultKind
{
    /// <summary><c>refuse</c>: a connection was reset before the target was asked.</summary>
    Refused,

    /// <summary><c>delay</c>: a piece or a datagram is passed on later.</summary>
    Delayed,

    /// <summary><c>slice</c>: a piece is written in slices.</summary>
    Sliced,

    /// <summary><c>merge</c>: a piece was joined to the one before.</summary>
    Merged,

    /// <summary><c>cut-after</c>: a direction has had all its bytes.</summary>
    Cut,

    /// <summary><c>half-open</c>: from here on nothing passes.</summary>
    HalfOpened,

    /// <summary><c>reset</c>: both sides were reset, or, of a connection that is half-open, one.</summary>
    Reset,

    /// <summary><c>slow-close</c>: an end is passed on later.</summary>
    ClosedSlowly,

    /// <summary><c>drop</c>: a datagram was lost, or a piece has to be sent again.</summary>
    Dropped,

    /// <summary><c>duplicate</c>: a datagram comes twice.</summary>
    Duplicated,

    /// <summary><c>reorder</c>: a datagram is held for the next to overtake.</summary>
    Reordered,

    /// <summary><c>corrupt</c>: one bit was turned over.</summary>
    Corrupted,

    /// <summary>A datagram was lost because too many wait.</summary>
    Overflowed,
}
