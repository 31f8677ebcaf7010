using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Sockeye;

/// <summary>What a connection of Sockeye throws, as ASP.NET Core knows it.</summary>
internal static class ConnectionFailures
{
    public static Exception Translate(Exception e) => e switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown } => new ConnectionResetException(e.Message, e),
        SocketException { SocketErrorCode: SocketError.OperationAborted or SocketError.Interrupted } or ObjectDisposedException => new ConnectionAbortedException(e.Message, e),
        ProtocolException => new IOException(e.Message, e),
        _ => e,
    };

    /// <summary>Whether the connection is what failed, and not a caller's use of it.</summary>
    public static bool IsConnections(Exception e) => e is SocketException or IOException or ProtocolException or ConnectionAbortedException or ObjectDisposedException;
}
