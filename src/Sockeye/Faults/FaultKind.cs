namespace Sockeye;

/// <summary>What is counted: the fields of <see cref="FaultStatistics"/>, which says what each is.</summary>
internal enum FaultKind
{
    Connection,
    Refused,
    Delayed,
    Sliced,
    Merged,
    Cut,
    HalfOpened,
    Reset,
    ClosedSlowly,
    Dropped,
    Duplicated,
    Reordered,
    Corrupted,
    Overflowed,
}
