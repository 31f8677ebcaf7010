using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Terminal;

/// <summary><c>sockeye connect</c> and <c>sockeye listen</c> at <c>ws://</c> and <c>wss://</c>, with Python's websockets and node's ws at the other side.</summary>
public sealed class TalkWebSocketTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    /// <summary>Who is at the other side, and which side Sockeye is.</summary>
    public static TheoryData<string, string> Sides => new(from peer in WebSocketPeers.Names from role in new[] { "connect", "listen" } select (peer, role));

    public static TheoryData<string> PeerNames => new(WebSocketPeers.Names);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Sides))]
    public async Task Lines_are_messages_each_way(string name, string role)
    {
        (Peer sockeye, Peer peer) = await OpenAsync(name, role, "plain");
        await using Peer one = sockeye, other = peer;
        await peer.SaysAsync("open - plain");

        await peer.TypeAsync("text 你好");
        await sockeye.SaysAsync("你好\n");
        await peer.TypeAsync("hex 6279746573");
        await sockeye.SaysAsync("bytes\n");
        await peer.TypeAsync("fragments in three parts");
        await sockeye.SaysAsync("inthreeparts\n");
        await peer.TypeAsync("ping");
        await peer.SaysAsync("ponged");
        await sockeye.TypeAsync("再见");
        await peer.SaysAsync("text 再见\n");
        await sockeye.TypeAsync("");
        await peer.SaysAsync("text \n");
        sockeye.EndInput();

        await peer.SaysAsync("closed 1000");
        Assert.Equal(0, await sockeye.EndAsync());
        Assert.Equal("你好\nbytes\ninthreeparts\n", sockeye.Output);
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public async Task Compression_and_subprotocols_are_agreed_on(string name, string role)
    {
        (Peer sockeye, Peer peer) = await OpenAsync(name, role, "deflate", "--compress", "--subprotocol", "eye", "--hex");
        await using Peer one = sockeye, other = peer;
        await peer.SaysAsync("open eye compressed");

        for (int i = 0; i < 3; i++)
        {
            await peer.TypeAsync("text ababababababababababab");
            await sockeye.SaysAsync("6162616261626162616261626162616261626162616261620a"[..44] + "\n");
            await sockeye.TypeAsync("00 ff 00ff00ff00ff00ff00ff");
            await peer.SaysAsync("binary 00ff00ff00ff00ff00ff00ff\n");
        }

        await peer.TypeAsync("close 1000");
        Assert.Equal(0, await sockeye.EndAsync());
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public async Task What_the_peer_closes_with_is_the_end(string name, string role)
    {
        (Peer sockeye, Peer peer) = await OpenAsync(name, role, "plain");
        await using Peer one = sockeye, other = peer;
        await peer.TypeAsync("close 4002 随你");

        Assert.Equal(1, await sockeye.EndAsync());
        await sockeye.SaysOnErrorsAsync("closed with 4002: 随你\n");
        await peer.SaysAsync("closed 4002");
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public async Task One_that_dies_without_a_Close_has_cut_it_short(string name, string role)
    {
        (Peer sockeye, Peer peer) = await OpenAsync(name, role, "plain");
        await using Peer one = sockeye, other = peer;
        await peer.TypeAsync("text last words");
        await sockeye.SaysAsync("last words\n");
        await peer.TypeAsync("die");

        Assert.Equal(5, await sockeye.EndAsync());
        await sockeye.SaysOnErrorsAsync("ended the connection without a Close frame");
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public async Task A_message_over_the_limit_is_refused(string name, string role)
    {
        (Peer sockeye, Peer peer) = await OpenAsync(name, role, "plain");
        await using Peer one = sockeye, other = peer;
        await peer.TypeAsync("large 64");

        Assert.Equal(1, await sockeye.EndAsync());
        await sockeye.SaysOnErrorsAsync("sent a message of more than 16777216 bytes, and was refused; --binary takes them of any size");
    }

    /// <summary>Compressed, all of it is on its way before it is refused: the peer writes no more, and is sure to read the Close.</summary>
    [Theory]
    [MemberData(nameof(Sides))]
    public async Task A_message_that_unpacks_to_more_than_the_limit_is_refused_with_1009(string name, string role)
    {
        (Peer sockeye, Peer peer) = await OpenAsync(name, role, "deflate", "--compress", "--subprotocol", "eye");
        await using Peer one = sockeye, other = peer;
        await peer.TypeAsync("large 17");

        Assert.Equal(1, await sockeye.EndAsync());
        await sockeye.SaysOnErrorsAsync("sent a message of more than 16777216 bytes, and was refused; --binary takes them of any size");
        await peer.SaysAsync("closed 1009");
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public async Task A_line_over_the_peers_limit_is_told(string name, string role)
    {
        (Peer sockeye, Peer peer) = await OpenAsync(name, role, "plain");
        await using Peer one = sockeye, other = peer;
        await sockeye.TypeAsync(new string('x', 3 << 20));

        Assert.Equal(1, await sockeye.EndAsync());
        await sockeye.SaysOnErrorsAsync("closed with 1009 (message too big)");
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public async Task As_bytes_a_message_of_any_size_goes_through(string name, string role)
    {
        (Peer sockeye, Peer peer) = await OpenAsync(name, role, "plain", "--binary", "--verbose");
        await using Peer one = sockeye, other = peer;
        await peer.TypeAsync("large 64");
        await peer.TypeAsync("text é");
        await sockeye.TypeAsync("ÿ");
        await peer.SaysAsync("binary c3bf0a\n");
        await peer.TypeAsync("close 1000");
        await sockeye.SaysOnErrorsAsync("the peer has ended its side");
        sockeye.EndInput();

        Assert.Equal(0, await sockeye.EndAsync());
        Assert.EndsWith("xé", sockeye.Output, StringComparison.Ordinal);
        Assert.Equal((64 << 20) + 1, sockeye.Output.Length);
    }

    [Theory]
    [MemberData(nameof(PeerNames))]
    public async Task Over_TLS_a_server_is_trusted_by_its_authority_its_fingerprint_or_blindly(string name)
    {
        (string pem, string authority, string fingerprint) = WebSocketPeers.CreateCertificate(_folder);
        foreach (string[] trust in new string[][] { ["--ca", authority], ["--pin", fingerprint], ["--insecure"] })
        {
            await using Peer peer = WebSocketPeers.Listen(name, "plain", pem);
            await using Peer sockeye = Programs.Sockeye(["connect", $"wss://{await peer.LineAfterAsync("listening on ")}/", .. trust]);
            await sockeye.TypeAsync("hello");
            await peer.SaysAsync("text hello\n");
            await peer.TypeAsync("text 你好");
            await sockeye.SaysAsync("你好\n");
            await peer.TypeAsync("close 1001");
            Assert.Equal(0, await sockeye.EndAsync());
        }
    }

    [Theory]
    [MemberData(nameof(PeerNames))]
    public async Task Over_TLS_a_server_that_nobody_vouches_for_is_not_trusted(string name)
    {
        (string pem, _, _) = WebSocketPeers.CreateCertificate(_folder);
        await using Peer peer = WebSocketPeers.Listen(name, "plain", pem);
        string address = $"wss://{await peer.LineAfterAsync("listening on ")}/";
        foreach (string[] trust in new string[][] { [], ["--pin", string.Concat(Enumerable.Repeat("00", 32))] })
        {
            await using Peer sockeye = Programs.Sockeye(["connect", address, .. trust]);
            Assert.Equal(3, await sockeye.EndAsync());
        }
    }

    [Theory]
    [MemberData(nameof(PeerNames))]
    public async Task Over_TLS_a_listener_is_trusted_by_its_authority(string name)
    {
        (string pem, string authority, _) = WebSocketPeers.CreateCertificate(_folder);
        await using Peer sockeye = Programs.Sockeye("listen", "wss://localhost:0/up", "--cert", pem);
        await using Peer peer = WebSocketPeers.Connect(name, "plain", $"wss://localhost:{(await sockeye.ServedAddressAsync()).Port}/up", authority);
        await peer.TypeAsync("text hello");
        await sockeye.SaysAsync("hello\n");
        await peer.TypeAsync("die");

        Assert.Equal(5, await sockeye.EndAsync());
        await sockeye.SaysOnErrorsAsync("without");
    }

    [Theory]
    [MemberData(nameof(PeerNames))]
    public async Task Each_client_of_a_command_has_its_lines_as_messages(string name)
    {
        await using Peer sockeye = Programs.Sockeye("listen", "ws://127.0.0.1:0/", "--keep-open", "--exec", "while read line; do echo \"you: $line\"; done");
        string address = $"{await sockeye.ServedAddressAsync()}";
        await using Peer one = WebSocketPeers.Connect(name, "plain", address);
        await using Peer other = WebSocketPeers.Connect(name, "plain", address);
        await one.TypeAsync("text hello");
        await one.SaysAsync("text you: hello\n");
        await other.TypeAsync("fragments he ll o");
        await other.SaysAsync("text you: hello\n");
        await one.TypeAsync("close 1000");
        await one.SaysAsync("closed 1000");

        await sockeye.InterruptAsync();
        Assert.Equal(0, await sockeye.EndAsync());
    }

    /// <summary>Sockeye and the peer, connected.</summary>
    private static async Task<(Peer Sockeye, Peer Peer)> OpenAsync(string name, string role, string compression, params string[] options)
    {
        if (role == "connect")
        {
            Peer server = WebSocketPeers.Listen(name, compression);
            return (Programs.Sockeye(["connect", $"ws://{await server.LineAfterAsync("listening on ")}/", .. options]), server);
        }

        Peer sockeye = Programs.Sockeye(["listen", "ws://127.0.0.1:0/", .. options]);
        return (sockeye, WebSocketPeers.Connect(name, compression, $"{await sockeye.ServedAddressAsync()}"));
    }
}
