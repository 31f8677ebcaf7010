using System.Net.Sockets;

namespace Sockeye;

/// <summary>Tells sockets of the host network when they are ready.</summary>
internal abstract class HostPoller
{
    /// <summary>Someone waits for <paramref name="events"/> on the socket: signal its readiness when they come, or have come.</summary>
    public abstract void Arm(HostSocket socket, SocketEvents events);

    /// <summary>A wait on the socket has ended without an event.</summary>
    public virtual void Disarm(HostSocket socket)
    {
    }

    /// <summary>The socket is about to be closed, its descriptor still open.</summary>
    public abstract void Forget(HostSocket socket);
}
