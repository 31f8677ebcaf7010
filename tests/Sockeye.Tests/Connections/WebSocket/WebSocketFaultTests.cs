using System.IO.Compression;
using System.Net.Sockets;
using Sockeye.Tests.Conformance;
using Sockeye.Tests.Framing.WebSocket;

namespace Sockeye.Tests.Connections.WebSocket;

/// <summary>Peers that do not read, callers that give up, and closing beside both.</summary>
public class WebSocketFaultTests : WebSocketTestBase
{
    [Fact]
    public async Task However_many_sends_are_given_up_no_frame_is_torn()
    {
        const int Size = 50_000;
        (WebSocketConnection client, WebSocketConnection server) = await PairAsync(new() { OutputBufferMax = 128 * 1024 });
        int sent = 0;
        for (int givenUp = 0; givenUp < 20; sent++)
        {
            using CancellationTokenSource impatient = new();
            byte[] message = new byte[Size];
            Array.Fill(message, (byte)sent);
            Task sending = client.SendBinaryAsync(message, impatient.Token).AsTask();
            if (sending.IsCompletedSuccessfully)
                continue;
            givenUp++;
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within(sending));
        }

        Task last = client.SendTextAsync("last").AsTask();
        int received = 0;
        while ((await Within(server.ReceiveAsync().AsTask()))!.Value is { IsText: false } message)
        {
            Assert.Equal(Size, message.Bytes.Length);
            Assert.False(message.Bytes.Span.ContainsAnyExcept(message.Bytes.Span[0]));
            received++;
        }

        await Within(last);
        Assert.InRange(received, 1, sent);
    }

    [Fact]
    public async Task Completing_and_disposing_beside_a_write_that_waits_both_end()
    {
        (Connection raw, WebSocketConnection server) = await OpenRawClientAsync();
        Task writing = server.Output.WriteAsync(new byte[8 * 1024 * 1024]).AsTask();
        Task completing = server.Output.CompleteAsync().AsTask();
        Task disposing = server.DisposeAsync().AsTask();
        Assert.False(writing.IsCompleted || completing.IsCompleted || disposing.IsCompleted);
        raw.Abort();
        await Assert.ThrowsAnyAsync<SocketException>(() => Within(writing));
        await Assert.ThrowsAnyAsync<SocketException>(() => Within(completing));
        await Within(disposing);
    }

    [Fact]
    public async Task A_cancelled_flush_is_cancelled_behind_anothers_turn_too()
    {
        (Connection raw, WebSocketConnection server) = await OpenRawClientAsync();
        Task message = server.SendBinaryAsync(new byte[8 * 1024 * 1024]).AsTask();
        Task<System.IO.Pipelines.FlushResult> flushing = server.Output.WriteAsync(Bytes("behind it")).AsTask();
        Assert.False(message.IsCompleted || flushing.IsCompleted);
        server.Output.CancelPendingFlush();
        Task draining = raw.Input.CopyToAsync(Stream.Null);
        Assert.True((await Within(flushing)).IsCanceled);
        await Within(message);
        Assert.Equal("behind it".Length, server.Output.UnflushedBytes);
        raw.Abort();
        await draining.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4096)]
    public void What_is_wrong_with_a_payload_comes_before_what_is_wrong_behind_it(int outputSize)
    {
        byte[] text = new byte[5000];
        Array.Fill(text, (byte)'a');
        text[^1] = 0xFF;
        byte[] first = WebSocketBytes.Frame(WebSocketBytes.Rsv1 | WebSocketBytes.Text, Compressed(text))(false);
        byte[] reserved = [0x83, 0];
        WebSocketCase row = new("", "", "", "", _ => [], "") { WindowBits = 15 };
        Assert.Equal("fail 1007", WebSocketTranscript.Of(WebSocketTranscript.Decoder(false, row), [(byte[])[.. first, .. reserved]], outputSize));
    }

    private static byte[] Compressed(byte[] bytes)
    {
        MemoryStream compressed = new();
        using DeflateStream deflate = new(compressed, CompressionLevel.Optimal);
        deflate.Write(bytes);
        deflate.Flush();
        return compressed.ToArray()[..^Deflater.Tail.Length];
    }
}
