namespace Sockeye.Eye.Recording;

/// <summary>How far a conversation has come.</summary>
internal enum EyeState
{
    /// <summary>Its server is not reached yet.</summary>
    Connecting,

    /// <summary>Both may speak.</summary>
    Open,

    /// <summary>One direction has ended.</summary>
    HalfClosed,

    /// <summary>It ended in order.</summary>
    Closed,

    /// <summary>It was cut off.</summary>
    Reset,

    /// <summary>Its server could not be reached.</summary>
    Failed,
}
