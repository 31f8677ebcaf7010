using System.Collections.Concurrent;
using System.Net;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>What is told of sockets that listen, and what they accept.</summary>
internal sealed class ListeningObserver : SocketObserver
{
    private readonly ConcurrentQueue<NetworkSocket> _opened = new();

    public ConcurrentQueue<string> Events { get; } = new();

    public ConcurrentQueue<NetworkSocket> Connections { get; } = new();

    public override void Opened(NetworkSocket socket)
    {
        _opened.Enqueue(socket);
        Events.Enqueue(nameof(Opened));
    }

    public override void Bound(NetworkSocket socket, EndPoint local) => Events.Enqueue(nameof(Bound));

    public override void Listening(NetworkSocket socket) => Events.Enqueue(nameof(Listening));

    public override void Accepted(NetworkSocket listener, NetworkSocket accepted)
    {
        Assert.Contains(listener, _opened);
        Connections.Enqueue(accepted);
    }

    public override void Closed(NetworkSocket socket, bool aborted)
    {
        if (!Connections.Contains(socket))
            Events.Enqueue(nameof(Closed));
    }
}
