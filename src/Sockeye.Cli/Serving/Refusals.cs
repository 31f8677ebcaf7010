using Sockeye.Cli.Output;

namespace Sockeye.Cli.Serving;

/// <summary>What is told of a connection that was closed at once because of a limit.</summary>
internal static class Refusals
{
    public static CliEvent Event(Connection connection, RefusalReason reason, int limit, int? limitPerAddress) => new(EventKind.Refused)
    {
        Address = Client.Name(connection.LocalEndPoint, connection.Socket),
        Peer = Client.Name(connection.RemoteEndPoint, connection.Socket),
        Reason = reason == RefusalReason.ConnectionLimitPerAddress ? "limit-per-address" : "limit",
        Message = reason == RefusalReason.ConnectionLimitPerAddress
            ? $"its address has {limitPerAddress} connections; raise --limit-per-address to allow more"
            : $"{limit} connections are open; raise --limit to allow more",
    };
}
