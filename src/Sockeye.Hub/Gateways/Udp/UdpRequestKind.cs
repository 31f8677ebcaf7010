namespace Sockeye.Hub.Gateways.Udp;

/// <summary>What a datagram is.</summary>
internal enum UdpRequestKind
{
    /// <summary>Nothing is in it: it asks for what is new.</summary>
    Empty,

    /// <summary>Something to say, to the contact or the room.</summary>
    Message,

    /// <summary>Something to say to one member: <c>@NAME TEXT</c>.</summary>
    ToOne,

    /// <summary><c>/COMMAND REST</c>, or <c>quit</c>.</summary>
    Command,

    /// <summary>It is not UTF-8.</summary>
    NotUtf8,

    /// <summary>It is longer than any may be.</summary>
    TooLong,
}
