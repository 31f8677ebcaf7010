namespace Sockeye;

/// <summary>One way of the two.</summary>
internal enum FaultDirection
{
    /// <summary>From the client to the target.</summary>
    Up,

    /// <summary>Back.</summary>
    Down,
}
