using System.Buffers;
using System.Net.WebSockets;

namespace Sockeye.Cli.Services;

/// <summary>Answers everything with the same words: each receive, or each line.</summary>
internal sealed class HelloService(bool byLines) : Service
{
    private static readonly ReadOnlyMemory<byte> Hello = "Hello, client!"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> HelloLine = "Hello, client!\n"u8.ToArray();

    public override Task ServeAsync(Connection connection, CancellationToken stop) =>
        byLines && !HasMessages(connection) ? AnswerLinesAsync(connection, stop) : AnswerEachAsync(connection, stop);

    /// <summary>A message is a line.</summary>
    public override async Task ServeAsync(WebSocketPeer peer, CancellationToken stop)
    {
        await foreach (WebSocketMessage _ in peer.ReceivedAsync(stop))
            await peer.SendAsync(Hello, WebSocketMessageType.Text);
    }

    protected override ReadOnlyMemory<byte>? Answer(ReadOnlyMemory<byte> message) => byLines ? HelloLine : Hello;

    private static async Task AnswerLinesAsync(Connection connection, CancellationToken stop)
    {
        await foreach (ReadOnlySequence<byte> _ in connection.Frames(Codecs.LineBytes()).ReadAllAsync(stop))
            await connection.WriteAsync(HelloLine, CancellationToken.None);
    }
}
