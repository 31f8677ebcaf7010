using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Terminal;

/// <summary><c>sockeye connect</c> and <c>sockeye listen</c> with the programs people have, each way.</summary>
public sealed class TalkTests : IDisposable
{
    private const string AnyPort = "tcp://127.0.0.1:0";

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Netcat_connects_to_listen()
    {
        await using Peer sockeye = Programs.Sockeye("listen", AnyPort);
        await using Peer netcat = Programs.Netcat(["-N", .. (await sockeye.ServedAddressAsync()).HostAndPort()]);

        await TalkAsync(sockeye, netcat);
    }

    [Fact]
    public async Task Connect_reaches_netcat()
    {
        await using Peer netcat = Programs.Netcat("-N", "-v", "-n", "-l", "127.0.0.1", "0");
        await using Peer sockeye = Programs.Sockeye("connect", $"{await netcat.NetcatAddressAsync("tcp")}");

        await TalkAsync(sockeye, netcat);
    }

    [Fact]
    public async Task Connect_reaches_socat_on_a_Unix_socket()
    {
        string path = _folder.PathOf("谈.sock");
        await using Peer socat = Programs.Socat("-d", "-d", "-t", "90", "-", $"UNIX-LISTEN:{path}");
        await socat.SaysOnErrorsAsync("listening on");
        await using Peer sockeye = Programs.Sockeye("connect", $"unix://{path}");

        await TalkAsync(sockeye, socat);
    }

    [Fact]
    public async Task Socat_connects_to_listen_on_an_abstract_name()
    {
        string name = $"sockeye-talk-{Environment.ProcessId}";
        await using Peer sockeye = Programs.Sockeye("listen", $"abstract://{name}");
        await sockeye.ServedAddressAsync();
        await using Peer socat = Programs.Socat("-t", "90", "-", $"ABSTRACT-CONNECT:{name}");

        await TalkAsync(sockeye, socat);
    }

    [Fact]
    public async Task Telnet_connects_to_listen()
    {
        await using Peer sockeye = Programs.Sockeye("listen", AnyPort);
        await using Peer telnet = Programs.Telnet(await sockeye.ServedAddressAsync());
        await telnet.SaysAsync("Connected to");

        await telnet.TypeAsync("你好 from telnet");
        await sockeye.SaysAsync("你好 from telnet");
        await sockeye.TypeAsync("你好 back");
        await telnet.SaysAsync("你好 back");
    }

    [Fact]
    public async Task Python_is_answered_after_its_end()
    {
        await using Peer sockeye = Programs.Sockeye("listen", AnyPort);
        await using Peer python = Programs.Python("stream_client.py", ["tcp", .. (await sockeye.ServedAddressAsync()).HostAndPort(), "问"]);

        await sockeye.SaysAsync("问\n");
        await sockeye.TypeAsync("答");
        sockeye.EndInput();

        Assert.Equal(0, await python.EndAsync());
        Assert.Equal("答\nend\n", python.Output);
        Assert.Equal(0, await sockeye.EndAsync());
    }

    [Fact]
    public async Task Connect_speaks_SEQPACKET_with_Python()
    {
        string path = _folder.PathOf("消息.sock");
        await using Peer sockeye = Programs.Sockeye("listen", $"unix-seqpacket://{path}");
        await sockeye.ServedAddressAsync();
        await using Peer python = Programs.Python("seqpacket_client.py", path, "one", "two words");

        await sockeye.SaysAsync("one\n");
        await sockeye.TypeAsync("first answer");
        await sockeye.SaysAsync("two words\n");
        await sockeye.TypeAsync("second answer");
        sockeye.EndInput();

        Assert.Equal(0, await python.EndAsync());
        Assert.Equal("message: first answer\nmessage: second answer\nend\n", python.Output);
    }

    [Fact]
    public async Task Listen_is_the_operator_of_many_contacts()
    {
        await using Peer sockeye = Programs.Sockeye("listen", "udp://127.0.0.1:0");
        Address address = await sockeye.ServedAddressAsync();
        await using Peer python = Programs.Python("udp_chat_contact.py", [.. address.HostAndPort(), "安娜"]);
        await sockeye.SaysAsync("#1 I am 安娜\n");
        await using Peer sample = Programs.Sample("UdpChatContact", $"{address}", "Ben");
        await sockeye.SaysAsync("#2 I am Ben\n");
        await using Peer netcat = Programs.Netcat(["-u", .. address.HostAndPort()]);
        await netcat.TypeAsync("from netcat");
        await sockeye.SaysAsync("#3 from netcat\n");

        await sockeye.TypeAsync("for the one heard last");
        await netcat.SaysAsync("for the one heard last");
        await sockeye.TypeAsync("@2 hello Ben");
        await sample.SaysAsync("hello Ben");

        // The textbook's contact hears only after it has said something.
        await python.TypeAsync("在吗");
        await sockeye.SaysAsync("#1 在吗\n");
        await sockeye.TypeAsync("@1 你好");
        await python.SaysAsync("你好");
        await sockeye.TypeAsync("@4 nobody");
        await sockeye.SaysOnErrorsAsync("nobody is #4");
    }

    [Fact]
    public async Task Connect_is_a_contact_of_an_operator()
    {
        await using Peer sample = Programs.Sample("UdpChatOperator", "udp://127.0.0.1:0");
        await using Peer sockeye = Programs.Sockeye("connect", $"{await sample.SampleAddressAsync()}");

        await sockeye.TypeAsync("I am 安娜");
        await sample.SaysAsync("安娜: I am 安娜");
        await sample.TypeAsync("你好");
        await sockeye.SaysAsync("你好\n");
        sockeye.EndInput();

        Assert.Equal(0, await sockeye.EndAsync());
    }

    [Fact]
    public async Task Datagrams_to_nobody_are_told()
    {
        await using Peer sockeye = Programs.Sockeye("connect", "udp://127.0.0.1:9", "--reply-wait", "300ms");
        await sockeye.TypeAsync("hello");
        sockeye.EndInput();

        await sockeye.SaysOnErrorsAsync("nobody listens at udp://127.0.0.1:9");
        Assert.Equal(1, await sockeye.EndAsync());
    }

    /// <summary>Both talk; ours ends first, and the other still answers.</summary>
    private static async Task TalkAsync(Peer sockeye, Peer other)
    {
        await sockeye.TypeAsync("你好 from sockeye");
        await other.SaysAsync("你好 from sockeye\n");
        await other.TypeAsync("你好 from another");
        await sockeye.SaysAsync("你好 from another\n");

        sockeye.EndInput();
        await other.TypeAsync("behind the end");
        await sockeye.SaysAsync("behind the end\n");
        other.EndInput();

        Assert.Equal(0, await sockeye.EndAsync());
        Assert.Equal(0, await other.EndAsync());
    }
}
