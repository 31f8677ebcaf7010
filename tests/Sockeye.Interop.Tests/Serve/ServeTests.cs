using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Serve;

/// <summary><c>sockeye serve</c>, and the clients of the textbook, on streams and datagrams.</summary>
public sealed class ServeTests : IDisposable
{
    private const string AnyPort = "tcp://127.0.0.1:0";
    private const int CrowdSize = 500;

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("greet")]
    [InlineData("greet", "--close")]
    public async Task A_client_that_only_receives(params string[] service)
    {
        await using Peer server = Programs.Sockeye(["serve", .. service, "--text", "谢谢 Thank you", AnyPort]);
        await using Peer client = Programs.Python("greeting_client.py", (await server.ServedAddressAsync()).HostAndPort());

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("谢谢 Thank you\n", client.Output);
    }

    [Fact]
    public async Task The_greeting_sample_is_greeted()
    {
        await using Peer server = Programs.Sockeye("serve", "greet", "--close", AnyPort);
        await using Peer client = Programs.Sample("GreetingClient", $"{await server.ServedAddressAsync()}");

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("Thank you for connecting", client.Output);
    }

    [Fact]
    public async Task A_client_that_sends_no_line_ends_is_answered()
    {
        await using Peer server = Programs.Sockeye("serve", "hello", AnyPort);
        await using Peer client = Programs.Python("request_response_client.py", (await server.ServedAddressAsync()).HostAndPort());

        await client.TypeAsync("hello");
        await client.SaysAsync("Hello, client!\n");
        await client.TypeAsync("你好");
        await client.SaysAsync("Hello, client!\n");
    }

    [Fact]
    public async Task Each_line_is_answered()
    {
        await using Peer server = Programs.Sockeye("serve", "hello", "--lines", AnyPort);
        await using Peer client = Programs.Netcat(["-N", .. (await server.ServedAddressAsync()).HostAndPort()]);

        await client.WriteAsync("one\ntwo\n三");
        client.EndInput();

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("Hello, client!\nHello, client!\nHello, client!\n", client.Output);
    }

    [Fact]
    public async Task Capitals_over_TCP()
    {
        await using Peer server = Programs.Sockeye("serve", "upper", AnyPort);
        await using Peer client = Programs.Python("stream_client.py", ["tcp", .. (await server.ServedAddressAsync()).HostAndPort(), "hello", "ça va, 你好"]);

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("HELLO\nÇA VA, 你好\nend\n", client.Output);
    }

    [Fact]
    public async Task Capitals_over_UDP()
    {
        await using Peer server = Programs.Sockeye("serve", "upper", "udp://127.0.0.1:0");
        string[] address = (await server.ServedAddressAsync()).HostAndPort();
        await using Peer client = Programs.Python("udp_capitals_client.py", address);
        await using Peer sample = Programs.Sample("UdpCapitalsClient", $"udp://{string.Join(':', address)}");

        await client.TypeAsync("ça va, 你好");
        await client.SaysAsync("ÇA VA, 你好\n");
        await sample.TypeAsync("hello");
        await sample.SaysAsync("HELLO\n");
    }

    [Fact]
    public async Task Echo_of_a_megabyte_through_socat()
    {
        await using Peer server = Programs.Sockeye("serve", "echo", AnyPort);
        Address address = await server.ServedAddressAsync();
        string file = _folder.PathOf("兆字节");
        await File.WriteAllTextAsync(file, string.Concat(Enumerable.Repeat("0123456789abcdé\n", 1 << 16)));
        await using Peer client = Programs.Socat("-t300", $"OPEN:{file}!!-", $"TCP:127.0.0.1:{address.Port}");

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal(await File.ReadAllTextAsync(file), client.Output);
    }

    [Fact]
    public async Task Discard_says_nothing_and_hears_the_end()
    {
        await using Peer server = Programs.Sockeye("serve", "discard", AnyPort);
        await using Peer client = Programs.Python("stream_client.py", ["tcp", .. (await server.ServedAddressAsync()).HostAndPort(), "hello"]);

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("end\n", client.Output);
    }

    [Fact]
    public async Task Daytime_is_one_line()
    {
        await using Peer server = Programs.Sockeye("serve", "daytime", AnyPort);
        await using Peer client = Programs.Netcat(["-N", "-d", .. (await server.ServedAddressAsync()).HostAndPort()]);

        Assert.Equal(0, await client.EndAsync());
        Assert.Matches(@"\A[^\r\n]*\d\d:\d\d[^\r\n]*\r?\n\z", client.Output);
    }

    [Fact]
    public async Task One_that_leaves_rudely_hurts_nobody()
    {
        await using Peer server = Programs.Sockeye("serve", "echo", AnyPort);
        string[] address = (await server.ServedAddressAsync()).HostAndPort();
        await using Peer polite = Programs.Netcat(address);
        await polite.TypeAsync("before");
        await polite.SaysAsync("before");

        for (int i = 0; i < 3; i++)
        {
            await using Peer rude = Programs.Python("rude_client.py", [.. address, "me first"]);
            Assert.Equal(0, await rude.EndAsync());
            Assert.Equal("me first\nreset\n", rude.Output);
        }

        await polite.TypeAsync("之后");
        await polite.SaysAsync("之后");
    }

    [Fact]
    public async Task Five_hundred_clients_at_once()
    {
        await using Peer server = Programs.Sockeye("serve", "upper", AnyPort);
        string[] address = (await server.ServedAddressAsync()).HostAndPort();
        await using Peer crowd = Programs.Python("crowd.py", [.. address, $"{CrowdSize}"]);

        Assert.Equal(0, await crowd.EndAsync());
        Assert.Equal($"{CrowdSize} of {CrowdSize} answered\n", crowd.Output);
    }

    [Fact]
    public async Task SEQPACKET_keeps_messages_apart()
    {
        string path = _folder.PathOf("消息.sock");
        await using Peer server = Programs.Sockeye("serve", "upper", $"unix-seqpacket://{path}");
        await server.ServedAddressAsync();
        await using Peer client = Programs.Python("seqpacket_client.py", path, "one", "第二 two", "three words here");

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("message: ONE\nmessage: 第二 TWO\nmessage: THREE WORDS HERE\nend\n", client.Output);
    }

    [Fact]
    public async Task Unix_sockets_of_every_kind_at_Chinese_paths()
    {
        string stream = _folder.PathOf("流.sock");
        string datagrams = _folder.PathOf("报.sock");
        string name = $"sockeye-serve-{Environment.ProcessId}";
        await using Peer server = Programs.Sockeye("serve", "upper", $"unix://{stream}", $"unix-dgram://{datagrams}", $"abstract://{name}");
        for (int i = 0; i < 3; i++)
            await server.ServedAddressAsync();

        await using Peer streamClient = Programs.Python("stream_client.py", "unix", stream, "abc 你好");
        await using Peer datagramClient = Programs.Python("datagram_client.py", "unix", datagrams, _folder.PathOf("客户.sock"), "abc 你好", "two");
        await using Peer abstractClient = Programs.Python("stream_client.py", "unix", "@" + name, "abc 你好");

        Assert.Equal(0, await streamClient.EndAsync());
        Assert.Equal("ABC 你好\nend\n", streamClient.Output);
        Assert.Equal(0, await datagramClient.EndAsync());
        Assert.Equal("ABC 你好\nTWO\n", datagramClient.Output);
        Assert.Equal(0, await abstractClient.EndAsync());
        Assert.Equal("ABC 你好\nend\n", abstractClient.Output);
    }

    [Fact]
    public async Task Asked_to_stop_it_lets_go_and_removes_its_paths()
    {
        string path = _folder.PathOf("停.sock");
        await using Peer server = Programs.Sockeye("serve", "echo", AnyPort, $"unix://{path}");
        Address address = await server.ServedAddressAsync();
        await server.ServedAddressAsync();
        await using Peer client = Programs.Netcat(["-N", .. address.HostAndPort()]);
        await client.TypeAsync("hello");
        await client.SaysAsync("hello");

        await server.InterruptAsync();

        client.EndInput();
        Assert.Equal(0, await server.EndAsync());
        Assert.Equal(0, await client.EndAsync());
        Assert.False(File.Exists(path));
    }
}
