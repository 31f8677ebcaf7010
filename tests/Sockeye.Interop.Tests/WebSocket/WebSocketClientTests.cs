using System.Net.WebSockets;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.WebSocket;

/// <summary>Clients that nobody here wrote, at the library's server.</summary>
public class WebSocketClientTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("deflate")]
    public async Task Python_websockets(string compression)
    {
        await using WebSocketEcho server = await WebSocketEcho.StartAsync(compression == "deflate");
        await using Peer client = Programs.PythonWith("websockets", "ws_client.py", server.Address.ToString(), compression);
        await ExpectAsync(client, server, compression, 7);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("deflate")]
    public async Task Node_ws(string compression)
    {
        await using WebSocketEcho server = await WebSocketEcho.StartAsync(compression == "deflate");
        await using Peer client = Programs.Node("ws_client.js", server.Address.ToString(), compression);
        await ExpectAsync(client, server, compression, 6);
    }

    [Theory]
    [InlineData(false, 15, true)]
    [InlineData(true, 15, true)]
    [InlineData(true, 9, true)]
    [InlineData(true, 15, false)]
    public async Task ClientWebSocket_of_NET(bool deflate, int windowBits, bool keepsContext)
    {
        using CancellationTokenSource stop = new(Hang.Limit);
        await using WebSocketEcho server = await WebSocketEcho.StartAsync(deflate);
        using ClientWebSocket client = new();
        client.Options.AddSubProtocol("eye");
        if (deflate)
        {
            client.Options.DangerousDeflateOptions = new WebSocketDeflateOptions
            {
                ClientMaxWindowBits = windowBits,
                ServerMaxWindowBits = windowBits,
                ClientContextTakeover = keepsContext,
                ServerContextTakeover = keepsContext,
            };
        }

        await client.ConnectAsync(new Uri(server.Address.ToString()), stop.Token);
        Assert.Equal("eye", client.SubProtocol);
        foreach (int length in new[] { 0, 5, 126, 65536, 1_000_000 })
        {
            byte[] sent = [.. Enumerable.Range(0, length).Select(i => (byte)(i * i >> 7))];
            for (int times = 0; times < 2; times++)
            {
                await client.SendAsync(sent, WebSocketMessageType.Binary, true, stop.Token);
                Assert.Equal(sent, await ReceiveAsync(client, stop.Token));
            }
        }

        Assert.Equal(deflate, await server.Compressed);
        await client.CloseAsync((WebSocketCloseStatus)4003, "再见", stop.Token);
        Assert.Equal((WebSocketCloseStatus)4003, client.CloseStatus);
        Assert.Equal(((WebSocketCloseStatus)4003, "再见"), await server.Closed.WaitAsync(stop.Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_in_Chromium(bool deflate)
    {
        await using WebSocketEcho server = await WebSocketEcho.StartAsync(deflate);
        using ScratchFolder profile = new();
        await using Peer browser = Programs.Chromium(profile.PathOf("profile"), "websocket.html", server.Address.ToString());
        string found = await server.Found.WaitAsync(Hang.Limit);
        Assert.Contains("subprotocol eye", found, StringComparison.Ordinal);
        Assert.Contains(deflate ? "extensions permessage-deflate" : "extensions \n", found, StringComparison.Ordinal);
        Assert.DoesNotContain("false", found, StringComparison.Ordinal);
        Assert.Equal(11, found.Split("true").Length - 1);
        Assert.Equal(((WebSocketCloseStatus)4004, "done"), await server.Closed.WaitAsync(Hang.Limit));
    }

    private static async Task ExpectAsync(Peer client, WebSocketEcho server, string compression, int messages)
    {
        Assert.Equal(0, await client.EndAsync());
        Assert.Contains("subprotocol eye", client.Output, StringComparison.Ordinal);
        Assert.Contains($"compressed {(compression == "deflate")}", client.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(messages, client.Output.Split("same true", StringSplitOptions.None).Length + client.Output.Split("same True", StringSplitOptions.None).Length - 2);
        Assert.Contains("ponged", client.Output, StringComparison.Ordinal);
        Assert.Contains("closed 4003", client.Output, StringComparison.Ordinal);
        Assert.Equal(((WebSocketCloseStatus)4003, "再见"), await server.Closed.WaitAsync(Hang.Limit));
    }

    private static async Task<byte[]> ReceiveAsync(ClientWebSocket client, CancellationToken stop)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[10_000];
        ValueWebSocketReceiveResult result;
        do
        {
            result = await client.ReceiveAsync(buffer.AsMemory(), stop);
            all.Write(buffer, 0, result.Count);
        }
        while (!result.EndOfMessage);
        return all.ToArray();
    }
}
