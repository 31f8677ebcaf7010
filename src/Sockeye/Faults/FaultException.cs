using System.Net.Sockets;

namespace Sockeye;

/// <summary>A <see cref="FaultControl"/> reset the connection, as its plan says: no peer and no network did.</summary>
public sealed class FaultException : SocketException
{
    internal FaultException(string message)
        : base((int)SocketError.ConnectionReset, message)
    {
    }
}
