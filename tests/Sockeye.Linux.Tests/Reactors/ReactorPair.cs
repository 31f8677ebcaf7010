namespace Sockeye.Linux.Tests.Reactors;

/// <summary>A connection of the reactors, and its peer: a socket of the host network.</summary>
public sealed record ReactorPair(NetworkSocket Peer, Connection Connection) : IDisposable
{
    public void Dispose()
    {
        Connection.Abort();
        Peer.Abort();
    }
}
