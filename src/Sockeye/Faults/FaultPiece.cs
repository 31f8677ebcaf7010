namespace Sockeye;

/// <summary>Something that waits to be passed on in one direction of a connection.</summary>
/// <param name="Kind">What.</param>
/// <param name="Due">When, since the connection was wrapped.</param>
/// <param name="Buffer">Of the pool, for data.</param>
/// <param name="Length">The bytes of it that count.</param>
/// <param name="Reason">Why, for a reset.</param>
internal readonly record struct FaultPiece(FaultPieceKind Kind, TimeSpan Due, byte[] Buffer, int Length, Exception? Reason = null);
