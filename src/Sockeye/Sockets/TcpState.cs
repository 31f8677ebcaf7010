namespace Sockeye;

/// <summary>The states of a TCP connection (RFC 9293, 3.3.2), with the kernel's numbers.</summary>
public enum TcpState
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Open: data flows both ways.</summary>
    Established = 1,

    /// <summary>A SYN was sent.</summary>
    SynSent = 2,

    /// <summary>A SYN was received and answered.</summary>
    SynReceived = 3,

    /// <summary>Our FIN is out, not yet acknowledged.</summary>
    FinWait1 = 4,

    /// <summary>Our FIN is acknowledged; the peer may still send.</summary>
    FinWait2 = 5,

    /// <summary>Both have ended; late segments are waited out.</summary>
    TimeWait = 6,

    /// <summary>No connection.</summary>
    Closed = 7,

    /// <summary>The peer has ended; we may still send.</summary>
    CloseWait = 8,

    /// <summary>The peer ended first, then we; our FIN is not yet acknowledged.</summary>
    LastAck = 9,

    /// <summary>Waiting for connections.</summary>
    Listen = 10,

    /// <summary>Both ended at once; our FIN is not yet acknowledged.</summary>
    Closing = 11,
}
