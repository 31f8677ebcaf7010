namespace Sockeye;

/// <summary>What a stream or SEQPACKET socket is doing.</summary>
internal enum MemoryPhase
{
    /// <summary>New, bound, or after a connect that failed.</summary>
    Idle,

    /// <summary>It has asked and hears nothing yet.</summary>
    Connecting,

    /// <summary>It has a peer; either direction may have ended.</summary>
    Connected,

    /// <summary>It was reset.</summary>
    Broken,

    /// <summary>It takes connections.</summary>
    Listening,
}
