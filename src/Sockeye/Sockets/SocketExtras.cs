using System.Net;

namespace Sockeye;

/// <summary>
/// What most sockets of a server never need: in an object of its own, made for those that do. A network's own sockets may have more of it
/// (<c>NetworkSocket.CreateExtras</c>).
/// </summary>
internal class SocketExtras
{
    /// <summary>See <see cref="NetworkSocket.MulticastInterface"/>.</summary>
    public int MulticastInterface;

    /// <summary>A connect that goes on while nobody waits for it.</summary>
    public PendingConnect? Connecting;

    /// <summary>No time. A <see cref="Nullable{T}"/> could be read while one half of it is set.</summary>
    private static readonly TimeSpan None = TimeSpan.MinValue;

    private TimeSpan _timeout = None;
    private TimeSpan _handshakeTime = None;

    public TimeSpan? Timeout
    {
        get => _timeout == None ? null : _timeout;
        set => _timeout = value ?? None;
    }

    public TimeSpan? HandshakeTime
    {
        get => _handshakeTime == None ? null : _handshakeTime;
        set => _handshakeTime = value ?? None;
    }

    /// <summary>Where to, and since when on the network's clock.</summary>
    public sealed record PendingConnect(EndPoint Remote, long Start);
}
