using System.Buffers;
using System.IO.Pipelines;

namespace Sockeye.Cli.Talking.Channels;

/// <summary>The messages of a WebSocket, on their way to the outlet.</summary>
internal sealed class MessageReceiving(WebSocketConnection socket, PipeWriter outlet, WriteReceived write, Action onMoved) : Flow(onMoved)
{
    public override async Task RunAsync(CancellationToken stop)
    {
        while (await ReceiveAsync(stop) is { } message)
        {
            Take(message.Bytes.Length);
            write(new ReadOnlySequence<byte>(message.Bytes), WebSocketEnding.NameOf(message.Type), outlet);
            long count = outlet.UnflushedBytes;
            BeginGiving();
            FlushResult result = await outlet.FlushAsync(stop);
            EndGiving(count);
            if (result.IsCompleted)
                return;
        }
    }

    /// <exception cref="ProtocolException">The peer has broken it, or its message is too large to be shown as a line.</exception>
    private async ValueTask<WebSocketMessage?> ReceiveAsync(CancellationToken stop)
    {
        try
        {
            return await socket.ReceiveAsync(stop);
        }
        catch (FrameTooLargeException e)
        {
            throw new ProtocolException($"{socket.RemoteEndPoint} sent a message of more than {e.Limit} bytes, and was refused; --binary takes them of any size", e);
        }
    }
}
