using Sockeye.Cli.Output;

namespace Sockeye.Cli.Serving;

/// <summary>What is told of a connection that was not served.</summary>
internal static class Refusals
{
    /// <summary>Closed at once because of a limit.</summary>
    public static CliEvent Event(Connection connection, RefusalReason reason, int limit, int? limitPerAddress) => new(EventKind.Refused)
    {
        Address = Client.NameOf(connection),
        Peer = Client.Name(connection.RemoteEndPoint, connection.Socket),
        Reason = reason == RefusalReason.ConnectionLimitPerAddress ? "limit-per-address" : "limit",
        Message = reason == RefusalReason.ConnectionLimitPerAddress
            ? $"its address has {limitPerAddress} connection{(limitPerAddress == 1 ? "" : "s")}; raise --limit-per-address to allow more"
            : $"{(limit == 1 ? "1 connection is" : $"{limit} connections are")} open; raise --limit to allow more",
    };

    /// <summary>It did not get through its handshake; null when we ended that ourselves, because we stop.</summary>
    public static CliEvent? Handshake(Connection connection, Exception? error) => error is OperationCanceledException ? null : new CliEvent(EventKind.Refused)
    {
        Address = Client.NameOf(connection),
        Peer = Client.Name(connection.RemoteEndPoint, connection.Socket),
        Reason = error switch
        {
            ProxyHeaderException => "proxy",
            TlsException => "tls",
            ProtocolException when connection.Layer<WebSocketConnection>() is not null => "websocket",
            _ => "handshake",
        },
        Message = error?.Message,
    };
}
