using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>What was agreed on for permessage-deflate: RFC 7692, section 7.1.</summary>
/// <param name="ServerKeepsContext">Whether the server's compressor remembers earlier messages (no <c>server_no_context_takeover</c>).</param>
/// <param name="ClientKeepsContext">Likewise the client's.</param>
/// <param name="ServerWindowBits">The server's LZ77 window: 2 to the power of this many bytes, 8 to 15.</param>
/// <param name="ClientWindowBits">Likewise the client's.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DeflateParameters(bool ServerKeepsContext, bool ClientKeepsContext, int ServerWindowBits, int ClientWindowBits)
{
    public Deflater CreateDeflater(bool isServer) =>
        isServer ? new Deflater(ServerWindowBits, ServerKeepsContext) : new Deflater(ClientWindowBits, ClientKeepsContext);

    /// <summary>For what the other side compresses.</summary>
    public Inflater CreateInflater(bool isServer) => new(isServer ? ClientWindowBits : ServerWindowBits);

    /// <summary>Whether the other side's compressor remembers.</summary>
    public bool PeerKeepsContext(bool isServer) => isServer ? ClientKeepsContext : ServerKeepsContext;
}
