namespace Sockeye;

/// <summary>What kinds of address a fault makes sense for.</summary>
[Flags]
internal enum FaultTarget
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Streams of bytes.</summary>
    Streams = 1,

    /// <summary>Connections of whole messages: SEQPACKET.</summary>
    Messages = 2,

    /// <summary>Either.</summary>
    Connections = Streams | Messages,

    /// <summary>Datagrams.</summary>
    Datagrams = 4,

    /// <summary>All.</summary>
    All = Connections | Datagrams,
}
