using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>How a socket receives that is told something beside a message.</summary>
internal abstract class MessageReader
{
    /// <summary>Whether a message was taken from the kernel and not yet all of it from here.</summary>
    public virtual bool HasMessage => false;

    /// <summary>See <see cref="NetworkSocket.TryReceiveFromCore"/>.</summary>
    public abstract SocketError Receive(SafeHandle socket, Span<byte> buffer, SocketFlags flags, SocketAddress? from, out DatagramResult result);
}
