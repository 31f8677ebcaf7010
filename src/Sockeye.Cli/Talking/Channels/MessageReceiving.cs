using System.Buffers;
using System.IO.Pipelines;

namespace Sockeye.Cli.Talking.Channels;

/// <summary>The messages of a WebSocket, on their way to the outlet.</summary>
internal sealed class MessageReceiving(WebSocketConnection socket, PipeWriter outlet, WriteReceived write, Action onMoved) : Flow(onMoved)
{
    public override async Task RunAsync(CancellationToken stop)
    {
        while (await socket.ReceiveAsync(stop) is { } message)
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
}
