using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;

namespace Sockeye;

/// <summary>The system's socket of a connection, for its options. It is made when it is first asked for: most connections never need one.</summary>
internal sealed class SocketFeature(NetworkSocket socket) : IConnectionSocketFeature
{
    private Socket? _socket;

    /// <exception cref="ObjectDisposedException">The connection is closed.</exception>
    public Socket Socket => _socket ??= Open();

    [SuppressMessage("Usage", "CA1816", Justification = "Forgotten, it must not close what is the connection's.")]
    private Socket Open()
    {
        ObjectDisposedException.ThrowIf(socket.IsClosed, socket);
        Socket opened = new(socket.Handle!);
        GC.SuppressFinalize(opened);
        return opened;
    }
}
