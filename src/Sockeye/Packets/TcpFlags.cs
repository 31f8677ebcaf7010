using System.Diagnostics.CodeAnalysis;

namespace Sockeye;

/// <summary>The control bits of a TCP header (RFC 9293 section 3.1).</summary>
[Flags]
[SuppressMessage("Design", "CA1028", Justification = "Nine bits of the header.")]
public enum TcpFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The sender has nothing more to send.</summary>
    Fin = 0x001,

    /// <summary>Opens: the sequence number is the first.</summary>
    Syn = 0x002,

    /// <summary>Resets the connection.</summary>
    Rst = 0x004,

    /// <summary>What has come is to be handed on without waiting for more.</summary>
    Psh = 0x008,

    /// <summary>The acknowledgment number counts.</summary>
    Ack = 0x010,

    /// <summary>The urgent pointer counts.</summary>
    Urg = 0x020,

    /// <summary>ECN-Echo (RFC 3168).</summary>
    Ece = 0x040,

    /// <summary>Congestion window reduced (RFC 3168).</summary>
    Cwr = 0x080,

    /// <summary>Accurate ECN; the former nonce sum.</summary>
    Ae = 0x100,
}
