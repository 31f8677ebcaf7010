using Sockeye.Interop.Tests.Peers;
using Sockeye.Interop.Tests.Terminal;

namespace Sockeye.Interop.Tests.Serve;

/// <summary><c>sockeye serve</c> at <c>ws://</c> and <c>wss://</c>, with Python's websockets and node's ws as its clients.</summary>
public sealed class ServeWebSocketTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public static TheoryData<string> PeerNames => new(WebSocketPeers.Names);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(PeerNames))]
    public async Task Echo_over_TLS_compressed_until_Ctrl_C(string name)
    {
        (string pem, string authority, _) = WebSocketPeers.CreateCertificate(_folder);
        await using Peer server = Programs.Sockeye("serve", "echo", "wss://127.0.0.1:0/echo", "--cert", pem, "--compress", "--subprotocol", "eye", "--drain", "1m");
        await using Peer client = WebSocketPeers.Connect(name, "deflate", $"{await server.ServedAddressAsync()}", authority);
        await client.SaysAsync("open eye compressed");

        await client.TypeAsync("text 你好");
        await client.SaysAsync("text 你好\n");
        await client.TypeAsync("hex 00ff");
        await client.SaysAsync("binary 00ff\n");
        await client.TypeAsync("fragments one two three");
        await client.SaysAsync("text onetwothree\n");
        await client.TypeAsync("large 1");
        await client.SaysAsync("binary 1048576\n");
        await client.TypeAsync("ping");
        await client.SaysAsync("ponged");

        await server.InterruptAsync();
        await client.SaysAsync("closed 1001");
        Assert.Equal(0, await server.EndAsync());
        await server.SaysOnErrorsAsync("left (drained): 1048595 bytes received, 1048595 sent");
    }

    [Fact]
    public async Task One_room_for_all()
    {
        await using Peer server = Programs.Sockeye("serve", "chat", "ws://127.0.0.1:0/chat", "tcp://127.0.0.1:0");
        string address = $"{await server.ServedAddressAsync()}";
        Address lines = await server.ServedAddressAsync();
        await using Peer python = WebSocketPeers.Connect("python", "plain", address);
        await using Peer node = WebSocketPeers.Connect("node", "plain", address);
        await using Peer netcat = Programs.Netcat(lines.HostAndPort());

        // Whoever was heard is in the room.
        await python.TypeAsync("text from Python");
        await server.SaysOnErrorsAsync("from Python");
        await node.TypeAsync("text from node");
        await python.SaysAsync("text from node\n");
        await netcat.TypeAsync("from nc");
        await python.SaysAsync("text from nc\n");
        await node.SaysAsync("text from nc\n");
        await node.TypeAsync("text 你们好");
        await python.SaysAsync("text 你们好\n");
        await netcat.SaysAsync("你们好\n");
        await python.TypeAsync("hex ff");
        await node.SaysAsync("binary ff\n");
        await python.TypeAsync("close 4001 bye");

        await python.SaysAsync("closed 4001");
        await server.SaysOnErrorsAsync("closed with 4001: bye");
    }

    [Theory]
    [MemberData(nameof(PeerNames))]
    public async Task One_that_dies_and_one_that_sends_too_much_are_told(string name)
    {
        await using Peer server = Programs.Sockeye("serve", "upper", "ws://127.0.0.1:0/");
        string address = $"{await server.ServedAddressAsync()}";
        await using Peer one = WebSocketPeers.Connect(name, "plain", address);
        await one.TypeAsync("text hello");
        await one.SaysAsync("text HELLO\n");
        await one.TypeAsync("die");
        await server.SaysOnErrorsAsync("left (cut): 5 bytes received, 5 sent: ");
        await server.SaysOnErrorsAsync("without a Close frame");

        await using Peer other = WebSocketPeers.Connect(name, "plain", address);
        await other.TypeAsync("large 64");
        await server.SaysOnErrorsAsync("left (error): 0 bytes received, 0 sent: 127.0.0.1:");
    }
}
