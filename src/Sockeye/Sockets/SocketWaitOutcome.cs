namespace Sockeye;

/// <summary>What became of a wait for a socket.</summary>
internal enum SocketWaitOutcome : byte
{
    /// <summary>What was waited for has come, or may have.</summary>
    Ready,

    /// <summary>It has not come yet: whoever waits will be resumed.</summary>
    Waiting,

    /// <summary>The time has passed.</summary>
    TimedOut,

    /// <summary>The token was cancelled.</summary>
    Cancelled,

    /// <summary>The socket was closed.</summary>
    Closed,
}
