namespace Sockeye.Bench.Race;

/// <summary>Memory of an idle connection, in bytes.</summary>
/// <param name="Managed">Of the managed heap after a full collection; null where there is none or it cannot be asked.</param>
internal sealed record IdleRound(double? Managed, double Resident, double Proportional);
