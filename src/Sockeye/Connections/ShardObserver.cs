using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Stands at a shard for the observer of its listener, who was told of the socket that was <paramref name="first"/> at the end point, and knows no other: what the shard
/// accepts, and its failures, are that one's.
/// </summary>
internal sealed class ShardObserver(NetworkSocket first, SocketObserver observer) : SocketObserver
{
    public override void Accepted(NetworkSocket listener, NetworkSocket accepted)
    {
        if (accepted.Observer == this)
            accepted.Observer = observer;
        observer.Accepted(first, accepted);
    }

    public override void Error(NetworkSocket socket, SocketError error) => observer.Error(first, error);
}
