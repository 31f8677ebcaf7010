namespace Sockeye;

/// <summary>What a socket can be waited for, and what a poll found: <c>poll(2)</c>'s events by their readable names.</summary>
[Flags]
public enum SocketEvents
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A receive or an accept would not wait: data, an end of stream, a connection or an error is there.</summary>
    Readable = 1,

    /// <summary>A send would not wait, or a connect has ended, well or not.</summary>
    Writable = 2,

    /// <summary>Urgent (out-of-band) data is there.</summary>
    Priority = 4,

    /// <summary>An error is pending. Reported whether asked for or not.</summary>
    Error = 8,

    /// <summary>The peer has closed, or the socket is not connected. Reported whether asked for or not.</summary>
    HangUp = 16,
}
