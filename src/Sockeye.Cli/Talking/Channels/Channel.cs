using System.IO.Pipelines;
using System.Net.Sockets;
using Sockeye.Cli.Talking.Formats;

namespace Sockeye.Cli.Talking.Channels;

/// <summary>A peer as a conversation has it: what it gives and what it takes, as bytes or as messages.</summary>
internal abstract class Channel
{
    /// <summary>Whether the peer's end is ours too: its protocol knows no half-close.</summary>
    public virtual bool EndsWithPeer => false;

    /// <summary>The channel of a connection, as the options and its protocol ask for it.</summary>
    /// <param name="connection">The peer, past its handshake.</param>
    /// <param name="format">How bytes are typed and shown.</param>
    /// <param name="writeJson">Writes what came as an event, where that is wanted.</param>
    public static Channel Open(Connection connection, TalkFormat format, WriteReceived? writeJson)
    {
        if (connection is WebSocketConnection socket && format.HasMessages)
            return new MessageChannel(socket, format, writeJson);
        SocketType type = connection.Socket?.SocketType ?? SocketType.Stream;
        return new StreamChannel(
            connection, format.CreateSending(type), format.CreateReceiving(type, writeJson is null ? null : (bytes, output) => writeJson(bytes, messageType: null, output)));
    }

    /// <summary>From the peer to the outlet.</summary>
    public abstract Flow CreateReceiving(PipeWriter outlet, Action onMoved);

    /// <summary>From the input to the peer.</summary>
    public abstract Flow CreateSending(PipeReader input, Action onMoved);

    /// <summary>Ends our side in order.</summary>
    public abstract ValueTask EndAsync();

    /// <summary>Whether something has come that nobody has taken.</summary>
    public abstract bool HasUnread();
}
