using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;

namespace Sockeye;

/// <summary>The system's socket of a connection, for its options. It is made when it is first asked for, and closing it closes nothing.</summary>
internal sealed class SocketFeature(SafeSocketHandle handle) : IConnectionSocketFeature
{
    private Socket? _socket;

    public Socket Socket => _socket ??= new Socket(new SafeSocketHandle(handle.DangerousGetHandle(), ownsHandle: false));
}
