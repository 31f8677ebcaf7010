using System.Net.WebSockets;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.WebSocket;

/// <summary>The library's client at servers that nobody here wrote.</summary>
public class WebSocketServerTests
{
    [Theory]
    [InlineData("plain", 15, true)]
    [InlineData("deflate", 15, true)]
    [InlineData("deflate", 10, true)]
    [InlineData("deflate", 15, false)]
    public async Task Python_websockets(string compression, int windowBits, bool keepsContext)
    {
        await using Peer server = Programs.PythonWith("websockets", "ws_server.py", compression);
        await TalkAsync(server, compression, windowBits, keepsContext);
    }

    [Theory]
    [InlineData("plain", 15, true)]
    [InlineData("deflate", 15, true)]
    [InlineData("deflate", 10, true)]
    [InlineData("deflate", 15, false)]
    public async Task Node_ws(string compression, int windowBits, bool keepsContext)
    {
        await using Peer server = Programs.Node("ws_server.js", compression);
        await TalkAsync(server, compression, windowBits, keepsContext);
    }

    private static async Task TalkAsync(Peer server, string compression, int windowBits, bool keepsContext)
    {
        using CancellationTokenSource stop = new(Hang.Limit);
        Address address = $"ws://{await server.LineAfterAsync("listening on ")}/";
        WebSocketDeflateOptions deflate = new()
        {
            ClientMaxWindowBits = windowBits,
            ServerMaxWindowBits = windowBits,
            ClientContextTakeover = keepsContext,
            ServerContextTakeover = keepsContext,
        };
        ConnectorOptions options = new() { WebSocket = new() { Deflate = compression == "deflate" ? deflate : null } };
        await using (WebSocketConnection client = (WebSocketConnection)await Network.Host.ConnectAsync(address, options, stop.Token))
        {
            Assert.Equal(compression == "deflate", client.IsCompressed);
            foreach (string text in new[] { "hello", "hello", "你好，世界", "", new string('x', 100_000) })
                Assert.Equal(text, await AskAsync(client, text));
            byte[] large = [.. Enumerable.Range(0, 2_000_000).Select(i => (byte)(i * i >> 9))];
            await client.SendBinaryAsync(large, stop.Token);
            WebSocketMessage echoed = (await client.ReceiveAsync(stop.Token))!.Value;
            Assert.Equal(large, echoed.Bytes.ToArray());
            Assert.False(echoed.IsText);
            Assert.Equal("in three parts", await AskAsync(client, "fragments"));
            Assert.StartsWith("ponged", await AskAsync(client, "ping me"), StringComparison.Ordinal);

            TaskCompletionSource<string> pong = new();
            client.PongReceived = payload => pong.TrySetResult(System.Text.Encoding.ASCII.GetString(payload.Span));
            await client.PingAsync("from here"u8.ToArray(), stop.Token);
            Assert.Equal("after", await AskAsync(client, "after"));
            Assert.Equal("from here", await pong.Task);

            await client.SendTextAsync("close me", stop.Token);
            Assert.Null(await client.ReceiveAsync(stop.Token));
            Assert.Equal(((WebSocketCloseStatus)4002, "as you wish"), (client.CloseStatus, client.CloseReason));
        }

        await server.SaysAsync("closed 4002");
        await using (WebSocketConnection client = (WebSocketConnection)await Network.Host.ConnectAsync(address, options, stop.Token))
            await client.CloseAsync((WebSocketCloseStatus)4005, "from the client", stop.Token);
        await server.SaysAsync("closed 4005 from the client");

        async Task<string> AskAsync(WebSocketConnection client, string text)
        {
            await client.SendTextAsync(text, stop.Token);
            return (await client.ReceiveAsync(stop.Token))!.Value.Text;
        }
    }
}
