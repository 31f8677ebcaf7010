namespace Sockeye.Tests.Conformance;

/// <summary>WebSockets over a network in memory, as connections like any others.</summary>
public class WebSocketFixture : MemoryFixture
{
    private static readonly Address Asked = "ws://memory/";

    public override bool CountsPayload => false;

    protected virtual WebSocketOptions WebSocket { get; } = new();

    public override async ValueTask<ConnectionPair> ConnectionsAsync(StreamKind kind = StreamKind.Tcp4, StreamOptions? options = null)
    {
        ConnectionPair below = await base.ConnectionsAsync(kind, options);
        options ??= new StreamOptions();
        ListenerOptions listener = new()
        {
            InputBufferMax = options.InputBufferMax,
            OutputBufferMax = options.OutputBufferMax,
            LingerTimeout = options.LingerTimeout,
            WebSocket = WebSocket,
        };
        ConnectorOptions connector = new()
        {
            InputBufferMax = options.InputBufferMax,
            OutputBufferMax = options.OutputBufferMax,
            LingerTimeout = options.LingerTimeout,
            WebSocket = WebSocket,
        };
        Connection server = WebSocketConnection.Accept(below.Server, listener);
        Task answering = server.HandshakeAsync().AsTask();
        Connection client = await WebSocketConnection.ConnectAsync(below.Client, Asked, connector);
        await answering;
        return new ConnectionPair(client, server);
    }
}
