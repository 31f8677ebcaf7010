using Microsoft.Extensions.Logging;

namespace Sockeye;

/// <summary>What the transport tells the log.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(1, LogLevel.Warning, "Accepting pauses for {Milliseconds} ms.")]
    public static partial void AcceptPaused(ILogger logger, Exception reason, double milliseconds);

    [LoggerMessage(2, LogLevel.Debug, "Connection {ConnectionId}: the client has ended its side.")]
    public static partial void InputEnded(ILogger logger, string connectionId);

    [LoggerMessage(3, LogLevel.Debug, "Connection {ConnectionId} failed.")]
    public static partial void Failed(ILogger logger, Exception reason, string connectionId);

    [LoggerMessage(4, LogLevel.Debug, "Connection {ConnectionId} is aborted: {Reason}")]
    public static partial void Aborted(ILogger logger, string connectionId, string reason);

    [LoggerMessage(5, LogLevel.Debug, "Connection {ConnectionId}: the handshake failed.")]
    public static partial void HandshakeFailed(ILogger logger, Exception reason, string connectionId);
}
