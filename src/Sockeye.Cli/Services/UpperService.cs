using System.Buffers;

namespace Sockeye.Cli.Services;

/// <summary>Sends back in capitals what comes: as it comes on streams, message by message elsewhere.</summary>
internal sealed class UpperService : Service
{
    public override Task ServeAsync(Connection connection, CancellationToken stop) =>
        HasMessages(connection) ? AnswerEachAsync(connection, stop) : TransformAsync(connection, stop);

    protected override ReadOnlyMemory<byte>? Answer(ReadOnlyMemory<byte> message)
    {
        ArrayBufferWriter<byte> answer = new(Math.Max(message.Length, 1));
        Utf8Upper upper = new();
        upper.Transform(message.Span, answer);
        upper.Flush(answer);
        return answer.WrittenMemory;
    }

    private static async Task TransformAsync(Connection connection, CancellationToken stop)
    {
        Utf8Upper upper = new();
        await foreach (ReadOnlyMemory<byte> received in connection.ReceivedAsync(stop))
        {
            upper.Transform(received.Span, connection.Output);
            await connection.Output.FlushAsync(CancellationToken.None);
        }

        upper.Flush(connection.Output);
        await connection.Output.FlushAsync(CancellationToken.None);
    }
}
