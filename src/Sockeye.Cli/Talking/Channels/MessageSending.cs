using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using Sockeye.Cli.Talking.Formats;

namespace Sockeye.Cli.Talking.Channels;

/// <summary>Each line of the input becomes a message of a WebSocket, without its line end: text, or binary where hexadecimal digits are typed.</summary>
internal sealed class MessageSending(PipeReader input, WebSocketConnection socket, bool isHex, Action onMoved) : Flow(onMoved)
{
    /// <summary>The longest line, in bytes: more than most servers take as a message.</summary>
    public const int LineBytesMax = 16 * 1024 * 1024;

    private readonly InputLines _lines = new(LineBytesMax);

    public override async Task RunAsync(CancellationToken stop)
    {
        ReadResult result;
        do
        {
            result = await input.ReadAsync(stop);
            ReadOnlySequence<byte> rest = result.Buffer;
            try
            {
                while (_lines.TryRead(ref rest, result.IsCompleted, out ReadOnlySequence<byte> line))
                    await SendAsync(line, stop);
            }
            finally
            {
                // What was taken is never sent twice, also when sending it was cut short.
                input.AdvanceTo(rest.Start, rest.End);
            }
        }
        while (!result.IsCompleted);
    }

    /// <exception cref="InvalidDataException">The line makes no message.</exception>
    private async Task SendAsync(ReadOnlySequence<byte> line, CancellationToken stop)
    {
        ReadOnlyMemory<byte> payload = isHex ? HexText.Parse(line, _lines.Number) : line.IsSingleSegment ? line.First : line.ToArray();
        Take(line.Length);
        BeginGiving();
        try
        {
            await socket.SendAsync(payload, isHex ? WebSocketMessageType.Binary : WebSocketMessageType.Text, cancellationToken: stop);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"line {_lines.Number} of the input is no UTF-8, and a text message has to be; --hex or --binary sends any bytes", e);
        }

        EndGiving(payload.Length);
    }
}
