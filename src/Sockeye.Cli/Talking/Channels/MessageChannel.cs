using System.IO.Pipelines;
using Sockeye.Cli.Talking.Formats;

namespace Sockeye.Cli.Talking.Channels;

/// <summary>
/// A WebSocket by its messages: a line is one, and one is a line. Who closes a WebSocket closes both directions (RFC 6455, section 5.5.1), so the
/// peer's end is ours.
/// </summary>
/// <param name="socket">The peer; the caller closes it.</param>
/// <param name="format">How messages are typed and shown.</param>
/// <param name="writeJson">Writes what came as an event; null shows it as a line.</param>
internal sealed class MessageChannel(WebSocketConnection socket, TalkFormat format, WriteReceived? writeJson) : Channel
{
    public override bool EndsWithPeer => true;

    public override Flow CreateReceiving(PipeWriter outlet, Action onMoved) => new MessageReceiving(socket, outlet, writeJson ?? ((bytes, _, output) => format.WriteMessage(bytes, output)), onMoved);

    public override Flow CreateSending(PipeReader input, Action onMoved) => new MessageSending(input, socket, format.Hex, onMoved);

    public override ValueTask EndAsync() => socket.Output.CompleteAsync();

    /// <summary>A message that is there is given without waiting.</summary>
    public override bool HasUnread()
    {
        using CancellationTokenSource stop = new();
        Task<WebSocketMessage?> next = socket.ReceiveAsync(stop.Token).AsTask();
        bool isThere = next is { IsCompletedSuccessfully: true, Result: not null };
        stop.Cancel();
        _ = next.Exception;
        return isThere;
    }
}
