using System.Net.WebSockets;
using System.Text.Json;

namespace Sockeye.Cli.Tests.Programs;

/// <summary>The built program as a server of WebSockets: its options reach the handshake, its JSON has messages, and it says good-bye.</summary>
public class ServeWebSocketProcessTests
{
    [Fact]
    public async Task The_options_reach_the_handshake_and_the_events_are_messages()
    {
        using CancellationTokenSource patience = new(Lines.Patience);
        using SockeyeProcess sockeye = SockeyeProcess.Start(
            "serve", "upper", "tcp://127.0.0.1:0", "wss://127.0.0.1:0/up", "--self-signed", "--json", "--drain", "1m", "--subprotocol", "shout", "--header", "X-One: 1", "--origin", "https://a.example", "--compress");
        string fingerprint = Parse(await sockeye.Output.FindAsync("\"certificate\"")).GetProperty("fingerprint").GetString()!;
        Address address = Parse(await sockeye.Output.FindAsync("\"listening\"", "wss://")).GetProperty("address").GetString()!;
        ConnectorOptions options = new()
        {
            Tls = new TlsClientOptions { Pins = [fingerprint] },
            WebSocket = new WebSocketOptions { SubProtocols = ["shout"], Deflate = new(), Headers = new Dictionary<string, string> { ["Origin"] = "https://b.example" } },
        };
        await Assert.ThrowsAsync<ProtocolException>(async () => await Network.Host.ConnectAsync(address, options, patience.Token));
        Assert.Equal("websocket", Parse(await sockeye.Output.FindAsync("\"refused\"", "403")).GetProperty("reason").GetString());

        options = options with { WebSocket = options.WebSocket with { Headers = new Dictionary<string, string> { ["Origin"] = "https://a.example" } } };
        await using WebSocketConnection client = (WebSocketConnection)await Network.Host.ConnectAsync(address, options, patience.Token);
        Assert.Equal(("shout", true, "1"), (client.SubProtocol, client.IsCompressed, client.PeerHeaders["X-One"]));
        await client.SendTextAsync("é", patience.Token);
        Assert.Equal("É", (await client.ReceiveAsync(patience.Token))?.Text);
        await client.SendBinaryAsync(new byte[] { 255 }, patience.Token);
        Assert.False((await client.ReceiveAsync(patience.Token))?.IsText);

        sockeye.Signal(SockeyeProcess.Interrupt);
        Assert.Null(await client.ReceiveAsync(patience.Token));
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.CloseStatus);
        await client.DisposeAsync();
        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());

        JsonElement[] events = [.. sockeye.Output.All.Select(Parse)];
        string[] messages = [.. Named("received").Select(each => $"{each.GetProperty("type")} {(each.TryGetProperty("text", out JsonElement text) ? text : each.GetProperty("base64"))}")];
        Assert.Equal(["text é", "binary /w=="], messages);
        Assert.StartsWith("1.", Assert.Single(Named("connected")).GetProperty("tls").GetString(), StringComparison.Ordinal);
        JsonElement left = Assert.Single(Named("left"));
        Assert.Equal(("drained", 1001, 3, 3), (left.GetProperty("reason").GetString(), left.GetProperty("closeStatus").GetInt32(), left.GetProperty("bytes").GetInt32(), left.GetProperty("sent").GetInt32()));

        IEnumerable<JsonElement> Named(string name) => events.Where(each => each.GetProperty("event").GetString() == name);
    }

    [Theory]
    [InlineData("--compress", "serve", "echo", "tcp://127.0.0.1:0", "udp://127.0.0.1:0", "--compress")]
    [InlineData("--ping", "serve", "echo", "tcp://127.0.0.1:0", "--ping", "1s")]
    [InlineData("--binary", "serve", "echo", "ws://127.0.0.1:0", "--binary")]
    [InlineData("needs a certificate", "serve", "echo", "ws://127.0.0.1:0", "wss://127.0.0.1:0")]
    public async Task What_does_not_go_together_is_wrong_usage(string told, params string[] arguments)
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start(arguments);

        Assert.Equal(ExitCodes.WrongUsage, await sockeye.EndAsync());
        Assert.Contains(told, Assert.Single(sockeye.Errors.All), StringComparison.Ordinal);
    }

    private static JsonElement Parse(string line) => JsonDocument.Parse(line).RootElement;
}
