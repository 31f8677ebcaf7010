namespace Sockeye;

/// <summary>What a <see cref="FaultControl"/> has done, at one moment. A piece is what one write brought.</summary>
/// <param name="Connections">Connections that were wrapped.</param>
/// <param name="Refused">Connections that were refused.</param>
/// <param name="Delayed">Pieces and datagrams that were passed on later than they came, the rate aside.</param>
/// <param name="Sliced">Writes that were made beside the one that was asked for.</param>
/// <param name="Merged">Pieces that left together with the one before them.</param>
/// <param name="Cut">Connections that ended after a number of bytes.</param>
/// <param name="HalfOpened">Connections that fell silent.</param>
/// <param name="Reset">Connections that were reset.</param>
/// <param name="ClosedSlowly">Ends that were held back.</param>
/// <param name="Dropped">Datagrams that were lost, and pieces that had to be sent again.</param>
/// <param name="Duplicated">Datagrams that came twice.</param>
/// <param name="Reordered">Datagrams that were held for the next to overtake.</param>
/// <param name="Corrupted">Pieces and datagrams with a bit turned over.</param>
/// <param name="Overflowed">Datagrams that were lost because too many waited.</param>
public readonly record struct FaultStatistics(
    long Connections,
    long Refused,
    long Delayed,
    long Sliced,
    long Merged,
    long Cut,
    long HalfOpened,
    long Reset,
    long ClosedSlowly,
    long Dropped,
    long Duplicated,
    long Reordered,
    long Corrupted,
    long Overflowed);
