namespace Sockeye;

/// <summary>What has become of a wrapped connection.</summary>
internal enum FaultPhase
{
    /// <summary>Bytes pass.</summary>
    Passing,

    /// <summary>A cut: both sides have been sent their end, and neither is read.</summary>
    Ended,

    /// <summary>What comes is read and dropped, and nobody is told of anything; one side may have been reset as it began.</summary>
    Silent,

    /// <summary>Both were reset.</summary>
    Reset,
}
