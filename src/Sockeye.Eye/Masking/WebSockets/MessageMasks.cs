namespace Sockeye.Eye.Masking.WebSockets;

/// <summary>Masks what can be told for a secret in what a WebSocket's client says, unmasked (RFC 6455, 5.3). A message ends a line, and a stream in binary messages goes on in the next all the same.</summary>
internal sealed class MessageMasks
{
    private readonly SecretMask _messages = new(fromClient: true);
    private SecretMask? _stream;
    private SecretMask? _controls;

    /// <summary>Masks the next bytes of a message in place.</summary>
    /// <returns>How many bytes were masked.</returns>
    public int Apply(FramePiece piece, Span<byte> data)
    {
        if (piece.IsControl)
            return (_controls ??= new SecretMask(fromClient: true)).Apply(data);
        return _messages.Apply(data, piece.Opcode == WebSocketOpcode.Binary ? _stream ??= new SecretMask(fromClient: true) : null);
    }

    /// <summary>The message has ended.</summary>
    public void End(FramePiece piece)
    {
        if (piece.IsControl)
            _controls?.EndMessage();
        else
            _messages.EndMessage();
    }
}
