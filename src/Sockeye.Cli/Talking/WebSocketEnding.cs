using System.Net.Sockets;
using System.Net.WebSockets;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Talking;

/// <summary>What a WebSocket's Close says of how a conversation ended: RFC 6455, section 7.4.</summary>
internal static class WebSocketEnding
{
    /// <summary>1006 of section 7.1.5: the connection ended without a Close frame.</summary>
    private const int Abnormal = 1006;

    /// <summary>The same ending, unless the peer closed with a status that says that something went wrong.</summary>
    public static Ending Of(Connection connection, Ending ending)
    {
        return connection is WebSocketConnection socket && ending.Cause is EndCause.Ended or EndCause.Linger && Explain(socket) is { } explanation
            ? ending with { Cause = EndCause.Failed, Message = explanation }
            : ending;
    }

    /// <summary>What the peer closed with; null where that says that nothing went wrong, or it has not closed.</summary>
    public static string? Explain(WebSocketConnection socket)
    {
        if (socket is not { CloseStatus: { } status, CloseReason: { } reason }
            || status is WebSocketCloseStatus.NormalClosure or WebSocketCloseStatus.EndpointUnavailable or WebSocketCloseStatus.Empty)
        {
            return null;
        }

        string name = NameOf((int)status) is { } words ? $" ({words})" : "";
        return $"{socket.RemoteEndPoint} closed with {(int)status}{name}{(reason.Length == 0 ? "" : $": {reason}")}";
    }

    /// <summary>Closes with 1001, "going away", and waits for the answer; a peer that gives none has gone, or is left.</summary>
    public static async ValueTask GoAwayAsync(WebSocketConnection socket, CancellationToken cancellationToken)
    {
        try
        {
            await socket.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, cancellationToken: cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ProtocolException)
        {
            // There is nothing left to say.
        }
    }

    /// <summary>A message's type as the JSON has it.</summary>
    public static string NameOf(WebSocketMessageType type) => type == WebSocketMessageType.Text ? "text" : "binary";

    /// <summary>An event that ends a connection, with what its Close said.</summary>
    public static CliEvent Describe(Connection connection, CliEvent left) => connection is not WebSocketConnection socket
        ? left
        : left with
        {
            CloseStatus = socket.CloseStatus is { } status ? (int)status : Abnormal,
            CloseReason = socket.CloseReason is { Length: > 0 } reason ? reason : null,
        };

    /// <summary>The names of section 7.4.1 and of IANA's registry, in words.</summary>
    private static string? NameOf(int status) => status switch
    {
        1002 => "protocol error",
        1003 => "data it does not take",
        1007 => "invalid payload",
        1008 => "policy violation",
        1009 => "message too big",
        1010 => "an extension is missing",
        1011 => "internal error",
        1012 => "service restart",
        1013 => "try again later",
        1014 => "bad gateway",
        _ => null,
    };
}
