using System.Threading.Channels;

namespace Sockeye.Cli.Services.Chat;

/// <summary>A member that is told each line as a message of its WebSocket.</summary>
internal sealed class WebSocketMember(WebSocketPeer peer) : QueuedMember
{
    protected override async ValueTask<long> WriteAsync(ChannelReader<ReadOnlyMemory<byte>> waiting)
    {
        if (!waiting.TryRead(out ReadOnlyMemory<byte> line))
            return 0;
        await peer.SendLineAsync(line);
        return CostOf(line);
    }

    protected override void Abort(Exception reason) => peer.Abort(reason);
}
