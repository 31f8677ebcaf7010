using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Samples;

/// <summary>The programs of <c>samples</c> with <c>nc</c>, <c>telnet</c> and <c>socat</c>, and with each other.</summary>
public sealed class SamplesWithToolsTests : IDisposable
{
    private const string AnyPort = "tcp://127.0.0.1:0";

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task GreetingServer_and_nc()
    {
        await using Peer server = Programs.Sample("GreetingServer", AnyPort);
        await using Peer client = Programs.Netcat(["-N", .. (await server.SampleAddressAsync()).HostAndPort()]);
        client.EndInput();

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("Thank you for connecting\n", client.Output);
    }

    [Fact]
    public async Task GreetingServer_and_telnet()
    {
        await using Peer server = Programs.Sample("GreetingServer", AnyPort);
        await using Peer telnet = Programs.Telnet(await server.SampleAddressAsync());

        await telnet.SaysAsync("Thank you for connecting");
        await telnet.SaysOnErrorsAsync("Connection closed by foreign host");
    }

    [Fact]
    public async Task GreetingClient_and_nc()
    {
        await using Peer server = Programs.Netcat("-v", "-n", "-N", "-l", "127.0.0.1", "0");
        await using Peer client = Programs.Sample("GreetingClient", $"{await server.NetcatAddressAsync("tcp")}");

        await server.TypeAsync("欢迎");
        server.EndInput();

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("欢迎\n", client.Output);
    }

    [Fact]
    public async Task RequestResponseServer_nc_and_telnet_at_once()
    {
        await using Peer server = Programs.Sample("RequestResponseServer", AnyPort);
        Address address = await server.SampleAddressAsync();
        await using Peer netcat = Programs.Netcat(address.HostAndPort());
        await using Peer telnet = Programs.Telnet(address);
        await telnet.SaysAsync("Connected to");

        await telnet.TypeAsync("你好");
        await telnet.SaysAsync("\"你好\": 2 characters in 6 bytes");
        await netcat.TypeAsync("hello");
        await netcat.SaysAsync("\"hello\": 5 characters in 5 bytes");
    }

    [Fact]
    public async Task RequestResponseServer_at_a_Chinese_path_and_socat()
    {
        string path = _folder.PathOf("问答.sock");
        await using Peer server = Programs.Sample("RequestResponseServer", $"unix://{path}");
        await server.SampleAddressAsync();
        await using Peer client = Programs.Socat("-", $"UNIX-CONNECT:{path}");

        await client.TypeAsync("问");
        await client.SaysAsync("\"问\": 1 characters in 3 bytes");
    }

    [Fact]
    public async Task PhoneCallServer_and_nc_that_just_goes()
    {
        await using Peer called = Programs.Sample("PhoneCallServer", AnyPort);
        Address address = await called.SampleAddressAsync();
        await using Peer netcat = Programs.Netcat(["-N", .. address.HostAndPort()]);

        await netcat.TypeAsync("喂");
        await called.SaysAsync("Caller: 喂");
        await called.TypeAsync("喂？");
        await netcat.SaysAsync("喂？");
        netcat.EndInput();
        await called.SaysAsync("The call is over.");
        Assert.Equal(0, await netcat.EndAsync());
    }

    [Fact]
    public async Task PhoneCallServer_survives_a_caller_whose_line_goes_dead()
    {
        await using Peer called = Programs.Sample("PhoneCallServer", AnyPort);
        Address address = await called.SampleAddressAsync();
        await using Peer rude = Programs.Python("rude_client.py", [.. address.HostAndPort(), "guess who"]);
        await called.SaysAsync("Caller: guess who");
        await called.TypeAsync("who?");
        await called.SaysAsync("The line went dead");

        await using Peer polite = Programs.Netcat(address.HostAndPort());
        await polite.TypeAsync("hello");
        await called.SaysAsync("Caller: hello");
    }

    [Fact]
    public async Task PhoneCall_between_both_samples_over_a_Unix_socket()
    {
        string address = $"unix://{_folder.PathOf("电话.sock")}";
        await using Peer called = Programs.Sample("PhoneCallServer", address);
        await called.SampleAddressAsync();
        await using Peer caller = Programs.Sample("PhoneCallClient", address);

        await caller.SaysAsync("You speak first.");
        await caller.TypeAsync("喂，你好");
        await called.SaysAsync("Caller: 喂，你好");
        await called.TypeAsync("quit");
        await caller.SaysAsync("The call is over.");
        Assert.Equal(0, await caller.EndAsync());
    }

    [Fact]
    public async Task UdpCapitalsServer_and_nc()
    {
        await using Peer server = Programs.Sample("UdpCapitalsServer", "udp://127.0.0.1:0");
        await using Peer client = Programs.Netcat(["-u", .. (await server.SampleAddressAsync()).HostAndPort()]);

        await client.TypeAsync("hello 你好");
        await client.SaysAsync("HELLO 你好\n");
    }

    [Fact]
    public async Task UdpCapitalsClient_is_told_that_nobody_is_there()
    {
        // A port that was free a moment ago.
        string address;
        await using (DatagramSocket socket = await Network.Host.OpenDatagramAsync("udp://127.0.0.1:0"))
            address = socket.Address.ToString();
        await using Peer client = Programs.Sample("UdpCapitalsClient", address);

        await client.TypeAsync("hello?");
        await client.SaysAsync(address);
    }

    [Fact]
    public async Task UdpChat_between_both_samples_and_nc()
    {
        await using Peer @operator = Programs.Sample("UdpChatOperator", "udp://127.0.0.1:0");
        Address address = await @operator.SampleAddressAsync();
        await using Peer contact = Programs.Sample("UdpChatContact", $"{address}", "小明");
        await @operator.SaysAsync("小明: I am 小明");
        await using Peer netcat = Programs.Netcat(["-u", .. address.HostAndPort()]);
        await netcat.TypeAsync("I am a cat");
        await @operator.SaysAsync("a cat: I am a cat");

        await @operator.TypeAsync("咪咪");
        await netcat.SaysAsync("咪咪");
        await @operator.TypeAsync("@小明");
        await @operator.TypeAsync("有一只猫");
        await contact.SaysAsync("Operator: 有一只猫");
    }

    [Fact]
    public async Task ChatRoomServer_with_nc_telnet_and_the_sample_client()
    {
        await using Peer server = Programs.Sample("ChatRoomServer", AnyPort);
        Address address = await server.SampleAddressAsync();
        await using Peer netcat = Programs.Netcat(address.HostAndPort());
        await using Peer telnet = Programs.Telnet(address);
        await using Peer client = Programs.Sample("ChatRoomClient", $"{address}");
        Peer[] all = [netcat, telnet, client];
        string[] names = ["猫", "Telnet", "小丽"];
        foreach ((Peer peer, string name) in all.Zip(names))
        {
            await peer.SaysAsync("Your name?");
            await peer.TypeAsync(name);
            await peer.SaysAsync("Welcome.");
        }

        foreach ((Peer speaker, string name) in all.Zip(names))
        {
            await speaker.TypeAsync($"大家好, says {name}");
            foreach (Peer other in all.Except([speaker]))
                await other.SaysAsync($"{name}: 大家好, says {name}");
        }

        await using Peer rude = Programs.Python("rude_client.py", address.HostAndPort());
        await rude.SaysAsync("reset");
        await client.TypeAsync("goodbye");
        await netcat.SaysAsync("小丽: goodbye");
        client.EndInput();
        await client.SaysAsync("The room is closed.");
        await telnet.SaysAsync("小丽 left");
    }

    [Theory]
    [InlineData("GreetingServer", AnyPort)]
    [InlineData("UdpChatOperator", "udp://127.0.0.1:0")]
    public async Task Ctrl_C_ends(string sample, string address)
    {
        await using Peer program = Programs.Sample(sample, address);
        await program.SampleAddressAsync();

        await program.InterruptAsync();

        Assert.Equal(130, await program.EndAsync());
    }
}
