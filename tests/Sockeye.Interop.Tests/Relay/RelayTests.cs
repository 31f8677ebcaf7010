using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Relay;

/// <summary><c>sockeye relay</c> between programs that nobody here wrote.</summary>
public sealed class RelayTests : IDisposable
{
    private const int CrowdSize = 500;
    private const int SenderCount = 200;

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ends_and_resets_arrive_as_they_were_sent()
    {
        await using Peer ends = Programs.Python("relay_ends.py");
        Address target = await ends.PythonAddressAsync("tcp");
        await using ServingPeer relay = await ServingPeer.RelayAsync(ServingPeer.AnyPort, target);
        await ends.TypeAsync(string.Join(' ', relay.Address.HostAndPort()));

        Assert.Equal(0, await ends.EndAsync());
        Assert.Equal(
            """
            client half-closes: question|FIN
            and hears: a late answer|FIN
            server half-closes: greeting|FIN
            and hears: a late word|FIN
            client resets: |RST
            server resets: |RST
            client resets in a full pipe: |RST

            """,
            ends.Output[(ends.Output.IndexOf('\n') + 1)..]);
    }

    [Fact]
    public async Task Netcat_and_socat_through_TCP_and_Unix_sockets()
    {
        string path = _folder.PathOf("中继.sock");
        await using ServingPeer server = await ServingPeer.UpperAsync($"unix://{path}");
        string front = _folder.PathOf("前.sock");
        await using ServingPeer relay = await ServingPeer.RelayAsync([ServingPeer.AnyPort, $"unix://{front}"], server.Address);
        await relay.Peer.ServedAddressAsync();

        await using Peer netcat = Programs.Netcat(["-N", .. relay.Address.HostAndPort()]);
        await netcat.WriteAsync("abc 你好");
        netcat.EndInput();
        Assert.Equal(0, await netcat.EndAsync());
        Assert.Equal("ABC 你好", netcat.Output);

        await using Peer socat = Programs.Socat("-t300", "-", $"UNIX-CONNECT:{front}");
        await socat.WriteAsync("def");
        socat.EndInput();
        Assert.Equal(0, await socat.EndAsync());
        Assert.Equal("DEF", socat.Output);
    }

    [Fact]
    public async Task Who_wants_a_target_that_refuses_is_reset()
    {
        await using ServingPeer relay = await ServingPeer.RelayAsync(ServingPeer.AnyPort, "tcp://127.0.0.1:1");
        await using Peer client = relay.Client("hello");

        await client.EndAsync();
        Assert.Matches("and (ConnectionResetError|BrokenPipeError)\n$", client.Output);
        await relay.Peer.SaysOnErrorsAsync("left (refused)");
    }

    [Fact]
    public async Task Five_hundred_clients_at_once()
    {
        await using ServingPeer server = await ServingPeer.UpperAsync();
        await using ServingPeer relay = await ServingPeer.RelayAsync(ServingPeer.AnyPort, server.Address);
        await using Peer crowd = Programs.Python("crowd.py", [.. relay.Address.HostAndPort(), $"{CrowdSize}"]);

        Assert.Equal(0, await crowd.EndAsync());
        Assert.Equal($"{CrowdSize} of {CrowdSize} answered\n", crowd.Output);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("unix-dgram")]
    public async Task Every_sender_of_datagrams_gets_its_own_answers(string kind)
    {
        string address = kind == "udp" ? "udp://127.0.0.1:0" : $"unix-dgram://{_folder.PathOf("报.sock")}";
        await using ServingPeer server = await ServingPeer.UpperAsync(address);
        await using ServingPeer relay = await ServingPeer.RelayAsync("udp://127.0.0.1:0", server.Address);
        await using Peer senders = Programs.Python("relay_senders.py", [.. relay.Address.HostAndPort(), $"{SenderCount}"]);

        Assert.Equal(0, await senders.EndAsync());
        Assert.Equal($"{SenderCount} of {SenderCount} right\n", senders.Output);
    }

    /// <summary>Client, our relay, HAProxy, our relay, server: HAProxy has to understand our header, and we its.</summary>
    [Theory]
    [InlineData("v1", "send-proxy", "v1")]
    [InlineData("v2", "send-proxy-v2", "v2")]
    [InlineData("v2", "send-proxy", "any")]
    [InlineData("v1", "send-proxy-v2 proxy-v2-options crc32c,unique-id", "v2")]
    public async Task HAProxy_and_we_understand_each_others_headers(string ours, string theirs, string expected)
    {
        await using ServingPeer server = await ServingPeer.UpperAsync();
        await using ServingPeer behind = await ServingPeer.RelayAsync($"{ServingPeer.AnyPort}?proxy={expected}", server.Address);
        await using ServingPeer haproxy = await ServingPeer.HaproxyAsync(_folder, behind.Address, theirs);
        await using ServingPeer front = await ServingPeer.RelayAsync(ServingPeer.AnyPort, $"{haproxy.Address}?proxy={ours}");
        await using Peer client = front.Client("你好 hello");

        Assert.Equal(0, await client.EndAsync());
        string who = client.Output["I am ".Length..client.Output.IndexOf('\n')];
        Assert.EndsWith("heard 你好 HELLO and the end\n", client.Output, StringComparison.Ordinal);
        await behind.Peer.SaysOnErrorsAsync($"#1 tcp://{who} left (ended)");
    }
}
