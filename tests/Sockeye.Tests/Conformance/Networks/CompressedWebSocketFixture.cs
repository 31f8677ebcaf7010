namespace Sockeye.Tests.Conformance;

/// <summary>The same, compressed.</summary>
public sealed class CompressedWebSocketFixture : WebSocketFixture
{
    protected override WebSocketOptions WebSocket { get; } = new() { Deflate = new() };
}
