namespace Sockeye;

/// <summary>How one side of a relay ended.</summary>
public enum RelayEnd
{
    /// <summary>The peer ended its side in order, and all it had sent was passed on, and then its end.</summary>
    Ended,

    /// <summary>It failed: the peer reset it, or broke the protocol, or it was aborted from outside. <see cref="RelaySide.Error"/> says why.</summary>
    Failed,

    /// <summary>The other side failed, and this one was reset so that its peer learns of it.</summary>
    Reset,

    /// <summary>The other side failed after it had ended its stream: nothing of this one's was cut, and it is only to be closed.</summary>
    Stopped,
}
