using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Sockeye.Hub.Tests.Gateways.Web;

/// <summary>Frames that no browser sends (RFC 6455, 5).</summary>
public sealed class WebFrameTests
{
    private const byte Text = 1;
    private const byte Continuation = 0;
    private const byte Final = 0x80;
    private const int EmptyFramesMax = 16;

    [Fact]
    public async Task A_message_of_frames_without_a_byte_ends_the_page_with_1008()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using TcpClient page = await OpenAsync(hub.Page);
        byte[] all = [.. Frame(Text, ""), .. Enumerable.Range(0, EmptyFramesMax).SelectMany(_ => Frame(Continuation, ""))];

        string answer = await RawHttp.AskAsync(page, Encoding.Latin1.GetString(all), until: "Too many frames");

        Assert.Contains("\u0088", answer, StringComparison.Ordinal);
        Assert.Contains("\u0003\u00f0Too many frames", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_few_of_them_are_nothing_to_mind_in_each_message()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using TcpClient page = await OpenAsync(hub.Page);
        foreach (string name in new[] { "Tom", "Thomas" })
        {
            byte[] all =
            [
                .. Frame(Text, ""), .. Enumerable.Range(1, EmptyFramesMax - 1).SelectMany(_ => Frame(Continuation, "")),
                .. Frame(Final | Continuation, $$"""{"type":"name","name":"{{name}}"}"""),
            ];

            string answer = await RawHttp.AskAsync(page, Encoding.Latin1.GetString(all), until: $"\"{name}\"");

            Assert.Contains($"\"{name}\"", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_length_that_no_message_has_costs_nothing_and_ends_with_1009_when_a_message_would_be_full()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using TcpClient page = await OpenAsync(hub.Page);
        byte[] head = [Final | Text, 0x80 | 127, .. new byte[8], .. new byte[4]];
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(2), 1L << 62);

        string answer = await RawHttp.AskAsync(page, Encoding.Latin1.GetString([.. head, .. Enumerable.Repeat((byte)'x', 32 * 1024)]), until: "bytes are the most");

        Assert.Contains("\u0003\u00f132768 bytes are the most.", answer, StringComparison.Ordinal);
    }

    private static async Task<TcpClient> OpenAsync(Uri page)
    {
        TcpClient client = await RawHttp.ConnectAsync(page);
        string answer = await RawHttp.AskAsync(
            client,
            $"GET /ws HTTP/1.1\r\nHost: {page.Authority}\r\nOrigin: {page.GetLeftPart(UriPartial.Authority)}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            until: "\"hello\"");
        Assert.StartsWith("HTTP/1.1 101 ", answer);
        return client;
    }

    /// <summary>A frame with a masking key of zeros, which leaves its payload as it is.</summary>
    private static byte[] Frame(byte first, string payload) => [first, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(payload)];
}
