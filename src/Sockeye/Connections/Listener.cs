using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Yields connections. Disposing it stops: no more are accepted, and those it gave out live on.</summary>
public abstract class Listener : IAsyncDisposable
{
    /// <summary>The address it was asked for, with the port it got.</summary>
    public abstract Address Address { get; }

    /// <summary>Where it really listens: more than one for <c>localhost</c>, or a name with several addresses.</summary>
    public abstract IReadOnlyList<EndPoint> LocalEndPoints { get; }

    /// <summary>Parts that can be accepted from side by side; a server runs one accept loop for each. Itself if it has only one.</summary>
    public virtual IReadOnlyList<Listener> Shards => [this];

    /// <summary>The clock of the network it listens on.</summary>
    public virtual TimeProvider TimeProvider => TimeProvider.System;

    /// <summary>Waits for a connection; null once the listener was stopped. A peer that gave up meanwhile is passed over.</summary>
    /// <exception cref="SocketException">With <see cref="SocketError.TooManyOpenSockets"/> when descriptors have run out: free some, then call again.</exception>
    public abstract ValueTask<Connection?> AcceptAsync(CancellationToken cancellationToken = default);

    /// <summary>Stops: waits of <see cref="AcceptAsync"/> give null. Idempotent.</summary>
    public abstract ValueTask DisposeAsync();
}
