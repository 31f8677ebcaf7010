namespace Sockeye.Eye.Masking.WebSockets;

/// <summary>The next bytes of a stream of frames that are alike.</summary>
/// <param name="Length">How many.</param>
/// <param name="IsPayload">Whether they are said, and not a frame's header.</param>
/// <param name="Opcode">What the message that they belong to carries, or which control frame it is.</param>
/// <param name="Key">Turned so that its first byte is the one for the first byte here; 0: they are not masked.</param>
/// <param name="EndsMessage">Whether the message ends behind them.</param>
internal readonly record struct FramePiece(int Length, bool IsPayload, WebSocketOpcode Opcode, uint Key, bool EndsMessage)
{
    public bool IsControl => Opcode is WebSocketOpcode.Close or WebSocketOpcode.Ping or WebSocketOpcode.Pong;
}
