using System.Net.Sockets;

namespace Sockeye;

/// <summary>What few of the host's sockets need besides.</summary>
internal sealed class HostSocketExtras : SocketExtras
{
    /// <summary>System.Net.Sockets' view of the descriptor, once something asked for it.</summary>
    public Socket? Socket;

    /// <summary>How many threads wait for the socket in the kernel.</summary>
    public int WaitingThreads;

    /// <summary>Whether it is known to be bound.</summary>
    public bool IsBound;

    /// <summary>The file that the socket made by binding; removed on close if it is still the same.</summary>
    public UnixSocketFile.Identity? BoundPath;

    /// <summary>How messages are received of which the kernel tells more; null for the plain way.</summary>
    public MessageReader? Reader;
}
