namespace Sockeye.Hub.Watching;

/// <summary>What can happen on a connection. The names, in camel case, are those of docs/hub-web.md.</summary>
internal enum WireEventKind
{
    /// <summary>Bytes came from the network.</summary>
    Received,

    /// <summary>The network took bytes.</summary>
    Sent,

    /// <summary>A line, datagram or message was made of what came.</summary>
    Frame,

    /// <summary>TLS took this out of what came.</summary>
    Decrypted,

    /// <summary>TLS encrypts this, to be sent.</summary>
    Encrypting,

    /// <summary>TLS has shaken hands.</summary>
    Handshaken,

    /// <summary>The peer will send no more (FIN).</summary>
    HalfClosedByPeer,

    /// <summary>The hub will send no more (FIN).</summary>
    HalfClosedByUs,

    /// <summary>The peer has reset the connection (RST).</summary>
    Reset,

    /// <summary>A call failed; the text says how.</summary>
    Error,

    /// <summary>The connection is closed.</summary>
    Closed,

    /// <summary>The connection was cut off by the hub (RST).</summary>
    Aborted,
}
