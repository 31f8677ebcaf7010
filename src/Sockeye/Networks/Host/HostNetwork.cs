using System.Net.Sockets;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>
/// The operating system's network, through System.Net.Sockets: everywhere .NET runs. On Linux an epoll of its own tells readiness, and a few
/// system calls do what System.Net.Sockets can only do by throwing; elsewhere a thread in <c>Socket.Select</c> does.
/// </summary>
public sealed class HostNetwork : SystemNetwork
{
    internal static readonly HostNetwork Shared = new();

    /// <summary>Makes a host network with its own clock for timeouts; null for the system's. Most programs use <see cref="Network.Host"/>.</summary>
    public HostNetwork(TimeProvider? timeProvider = null)
        : this(timeProvider, portable: false)
    {
    }

    /// <summary>With <paramref name="portable"/>, as on systems that are not Linux: the tests run the suite on that too.</summary>
    internal HostNetwork(TimeProvider? timeProvider, bool portable)
        : base(timeProvider, portable || !OperatingSystem.IsLinux())
    {
    }

    internal override HostSocket Wrap(Socket socket, AddressFamily family, SocketType type, ProtocolType protocol) =>
        IsPortable ? new HostSocket(this, socket, family, type, protocol) : new LinuxHostSocket(this, socket, family, type, protocol);

    internal override LinuxHostSocket Wrap(Descriptor descriptor, AddressFamily family, SocketType type, ProtocolType protocol) =>
        new(this, descriptor, family, type, protocol);
}
