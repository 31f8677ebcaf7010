namespace Sockeye;

/// <summary>Why a session of a <see cref="DatagramRelay"/> ended.</summary>
public enum DatagramSessionEnd
{
    /// <summary>No datagram came either way for <see cref="DatagramRelayOptions.IdleTimeout"/>.</summary>
    Idle,

    /// <summary>A new sender came when there were <see cref="DatagramRelayOptions.SessionLimit"/>, and this one had been quiet the longest.</summary>
    Evicted,

    /// <summary>The target's Unix socket has gone; the sender's next datagram looks for it anew.</summary>
    TargetGone,

    /// <summary>The relay was stopped.</summary>
    Stopped,
}
