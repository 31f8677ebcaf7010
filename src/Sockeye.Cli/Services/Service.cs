using System.Net.Sockets;

namespace Sockeye.Cli.Services;

/// <summary>What <c>sockeye serve</c> can be: the same on connections, message connections (SEQPACKET), WebSockets and datagrams.</summary>
internal abstract class Service
{
    /// <summary>Serves one connection: it is closed when this returns.</summary>
    public abstract Task ServeAsync(Connection connection, CancellationToken stop);

    /// <summary>Serves one WebSocket by its messages: each is answered in its kind, unless a service does otherwise. It is closed when this returns.</summary>
    public virtual async Task ServeAsync(WebSocketPeer peer, CancellationToken stop)
    {
        await foreach (WebSocketMessage message in peer.ReceivedAsync(stop))
        {
            if (Answer(message.Bytes) is { } answer)
                await peer.SendAsync(answer, message.Type);
        }
    }

    /// <summary>Serves one datagram: answers it, unless a service does otherwise.</summary>
    public virtual async ValueTask ServeAsync(ServedDatagram datagram, CancellationToken stop)
    {
        if (Answer(datagram.Bytes) is not { } answer)
            return;
        if (!datagram.CanReply)
            throw new InvalidOperationException("it has no name to answer to: bind it before it sends");
        await datagram.Socket.SendNowAsync(answer, datagram.From, stop);
    }

    /// <summary>The answer to one message; null for none.</summary>
    protected virtual ReadOnlyMemory<byte>? Answer(ReadOnlyMemory<byte> message) => null;

    /// <summary>Whether what arrives are messages, each with its own answer, and not a stream.</summary>
    protected static bool HasMessages(Connection connection) => connection.Socket?.SocketType == SocketType.Seqpacket;

    /// <summary>Answers each receive until the peer ends or serving stops.</summary>
    protected async Task AnswerEachAsync(Connection connection, CancellationToken stop)
    {
        await foreach (ReadOnlyMemory<byte> received in connection.ReceivedAsync(stop))
        {
            if (Answer(received) is { } answer)
                await connection.WriteAsync(answer, CancellationToken.None);
        }
    }
}
