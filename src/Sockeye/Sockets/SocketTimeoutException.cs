using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// A call reached the deadline that <see cref="NetworkSocket.Timeout"/> or an option gave it. The kernel's own ETIMEDOUT
/// (a peer that does not acknowledge) stays a plain <see cref="SocketException"/>.
/// </summary>
public sealed class SocketTimeoutException : SocketException
{
    /// <summary>Makes one with a general message.</summary>
    public SocketTimeoutException()
        : base((int)SocketError.TimedOut)
    {
    }

    /// <summary>Makes one with a message.</summary>
    public SocketTimeoutException(string? message)
        : base((int)SocketError.TimedOut, message)
    {
    }
}
