using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Relay;

/// <summary><c>sockeye relay</c> between programs that nobody here wrote.</summary>
public sealed class RelayTests : IDisposable
{
    private const string AnyPort = "tcp://127.0.0.1:0";
    private const int CrowdSize = 500;
    private const int SenderCount = 200;

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ends_and_resets_arrive_as_they_were_sent()
    {
        await using Peer ends = Programs.Python("relay_ends.py");
        Address target = await ends.PythonAddressAsync("tcp");
        await using Peer relay = Programs.Sockeye("relay", AnyPort, $"{target}");
        await ends.TypeAsync(string.Join(' ', (await relay.ServedAddressAsync()).HostAndPort()));

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
        await using Peer server = Programs.Sockeye("serve", "upper", $"unix://{path}");
        await server.ServedAddressAsync();
        string front = _folder.PathOf("前.sock");
        await using Peer relay = Programs.Sockeye("relay", AnyPort, $"unix://{front}", $"unix://{path}");
        Address tcp = await relay.ServedAddressAsync();
        await relay.ServedAddressAsync();

        await using Peer netcat = Programs.Netcat(["-N", .. tcp.HostAndPort()]);
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
        await using Peer relay = Programs.Sockeye("relay", AnyPort, "tcp://127.0.0.1:1");
        await using Peer client = Programs.Python("relay_client.py", [.. (await relay.ServedAddressAsync()).HostAndPort(), "hello"]);

        await client.EndAsync();
        Assert.Matches("and (ConnectionResetError|BrokenPipeError)\n$", client.Output);
        await relay.SaysOnErrorsAsync("left (refused)");
    }

    [Fact]
    public async Task Five_hundred_clients_at_once()
    {
        await using Peer server = Programs.Sockeye("serve", "upper", AnyPort);
        await using Peer relay = Programs.Sockeye("relay", AnyPort, $"{await server.ServedAddressAsync()}");
        await using Peer crowd = Programs.Python("crowd.py", [.. (await relay.ServedAddressAsync()).HostAndPort(), $"{CrowdSize}"]);

        Assert.Equal(0, await crowd.EndAsync());
        Assert.Equal($"{CrowdSize} of {CrowdSize} answered\n", crowd.Output);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("unix-dgram")]
    public async Task Every_sender_of_datagrams_gets_its_own_answers(string kind)
    {
        string address = kind == "udp" ? "udp://127.0.0.1:0" : $"unix-dgram://{_folder.PathOf("报.sock")}";
        await using Peer server = Programs.Sockeye("serve", "upper", address);
        await using Peer relay = Programs.Sockeye("relay", "udp://127.0.0.1:0", $"{await server.ServedAddressAsync()}");
        await using Peer senders = Programs.Python("relay_senders.py", [.. (await relay.ServedAddressAsync()).HostAndPort(), $"{SenderCount}"]);

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
        await using Peer server = Programs.Sockeye("serve", "upper", AnyPort);
        await using Peer behind = Programs.Sockeye("relay", $"{AnyPort}?proxy={expected}", $"{await server.ServedAddressAsync()}");
        Address toBehind = await behind.ServedAddressAsync();
        string socket = _folder.PathOf("haproxy.sock");
        string file = _folder.PathOf("haproxy.cfg");
        await File.WriteAllTextAsync(file, $"""
            global
                maxconn 100
            defaults
                mode tcp
                timeout connect 60s
                timeout client 60s
                timeout server 60s
            listen relay
                bind unix@{socket} accept-proxy
                server target 127.0.0.1:{toBehind.Port} {theirs}

            """);
        await using Peer haproxy = Programs.Haproxy("-db", "-V", "-f", file);
        while (!File.Exists(socket))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        await using Peer front = Programs.Sockeye("relay", AnyPort, $"unix://{socket}?proxy={ours}");
        await using Peer client = Programs.Python("relay_client.py", [.. (await front.ServedAddressAsync()).HostAndPort(), "你好 hello"]);

        Assert.Equal(0, await client.EndAsync());
        string who = client.Output["I am ".Length..client.Output.IndexOf('\n')];
        Assert.EndsWith("heard 你好 HELLO and the end\n", client.Output, StringComparison.Ordinal);
        await behind.SaysOnErrorsAsync($"#1 tcp://{who} left (ended)");
    }
}
