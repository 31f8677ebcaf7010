namespace Sockeye;

/// <summary>A direction of a <see cref="FaultPlan"/>.</summary>
public enum FaultDirection
{
    /// <summary>From the client to the target: <see cref="FaultPlan.Up"/>.</summary>
    Up,

    /// <summary>From the target to the client: <see cref="FaultPlan.Down"/>.</summary>
    Down,
}
