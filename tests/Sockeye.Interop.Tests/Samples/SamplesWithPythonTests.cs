using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Samples;

/// <summary>Every program of <c>samples</c>, and the same program written in Python as a textbook writes it.</summary>
public sealed class SamplesWithPythonTests
{
    private const string AnyPort = "tcp://127.0.0.1:0";
    private const string AnyUdpPort = "udp://127.0.0.1:0";

    [Fact]
    public async Task GreetingServer()
    {
        await using Peer server = Programs.Sample("GreetingServer", AnyPort);
        Address address = await server.SampleAddressAsync();

        for (int i = 0; i < 2; i++)
        {
            await using Peer client = Programs.Python("greeting_client.py", address.HostAndPort());
            Assert.Equal(0, await client.EndAsync());
            Assert.Equal("Thank you for connecting\n\n", client.Output);
        }
    }

    [Fact]
    public async Task GreetingClient()
    {
        await using Peer server = Programs.Python("greeting_server.py", "127.0.0.1", "0");
        await using Peer client = Programs.Sample("GreetingClient", $"{await server.PythonAddressAsync("tcp")}");

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("Thank you for connecting, 谢谢", client.Output);
    }

    [Fact]
    public async Task RequestResponseServer()
    {
        await using Peer server = Programs.Sample("RequestResponseServer", AnyPort);
        await using Peer client = Programs.Python("request_response_client.py", (await server.SampleAddressAsync()).HostAndPort());

        await client.TypeAsync("hello");
        await client.SaysAsync("\"hello\": 5 characters in 5 bytes\n");
        await client.TypeAsync("你好");
        await client.SaysAsync("\"你好\": 2 characters in 6 bytes\n");
        client.EndInput();
        Assert.Equal(0, await client.EndAsync());
    }

    [Fact]
    public async Task RequestResponseClient()
    {
        await using Peer server = Programs.Python("request_response_server.py", "127.0.0.1", "0");
        await using Peer client = Programs.Sample("RequestResponseClient", $"{await server.PythonAddressAsync("tcp")}");

        await client.TypeAsync("hello");
        await client.SaysAsync("Python heard hello\n");
        await client.TypeAsync("你好");
        await client.SaysAsync("Python heard 你好\n");
        client.EndInput();
        Assert.Equal(0, await client.EndAsync());
        await server.SaysAsync("the client left");
    }

    [Fact]
    public async Task PhoneCallServer_is_called_twice()
    {
        await using Peer called = Programs.Sample("PhoneCallServer", AnyPort);
        Address address = await called.SampleAddressAsync();

        await using Peer first = Programs.Python("phone_call_client.py", address.HostAndPort());
        await called.SaysAsync("Ring, ring!");
        await TakeTurnsAsync(caller: first, called, callerSays: "Caller: ");
        await first.TypeAsync("quit");
        await first.SaysAsync("hung up");
        await called.SaysAsync("The call is over.");

        await using Peer second = Programs.Python("phone_call_client.py", address.HostAndPort());
        await called.SaysAsync("Ring, ring!");
        await TakeTurnsAsync(caller: second, called, callerSays: "Caller: ");
        await second.TypeAsync("还在吗？");
        await called.SaysAsync("还在吗？");
        await called.TypeAsync("quit");
        await second.SaysAsync("hung up");
    }

    [Fact]
    public async Task PhoneCallClient()
    {
        await using Peer called = Programs.Python("phone_call_server.py", "127.0.0.1", "0");
        await using Peer caller = Programs.Sample("PhoneCallClient", $"{await called.PythonAddressAsync("tcp")}");

        await caller.SaysAsync("You speak first.");
        await TakeTurnsAsync(caller, called, callerSays: "heard: ");
        await caller.TypeAsync("quit");
        await caller.SaysAsync("The call is over.");
        await called.SaysAsync("hung up");
        Assert.Equal(0, await caller.EndAsync());
        Assert.Equal(0, await called.EndAsync());
    }

    [Fact]
    public async Task PhoneCallClient_is_hung_up_on()
    {
        await using Peer called = Programs.Python("phone_call_server.py", "127.0.0.1", "0");
        await using Peer caller = Programs.Sample("PhoneCallClient", $"{await called.PythonAddressAsync("tcp")}");

        await caller.TypeAsync("Hello?");
        await called.SaysAsync("heard: Hello?");
        await called.TypeAsync("quit");
        await caller.SaysAsync("The call is over.");
        Assert.Equal(0, await caller.EndAsync());
    }

    [Fact]
    public async Task UdpCapitalsServer()
    {
        await using Peer server = Programs.Sample("UdpCapitalsServer", AnyUdpPort);
        await using Peer client = Programs.Python("udp_capitals_client.py", (await server.SampleAddressAsync()).HostAndPort());

        await client.TypeAsync("hello");
        await client.SaysAsync("HELLO\n");
        await client.TypeAsync("ça va, 你好");
        await client.SaysAsync("ÇA VA, 你好\n");
    }

    [Fact]
    public async Task UdpCapitalsClient()
    {
        await using Peer server = Programs.Python("udp_capitals_server.py", "127.0.0.1", "0");
        await using Peer client = Programs.Sample("UdpCapitalsClient", $"{await server.PythonAddressAsync("udp")}");

        await client.TypeAsync("hello");
        await client.SaysAsync("HELLO\n");
        await client.TypeAsync("abc 你好");
        await client.SaysAsync("ABC 你好\n");
        client.EndInput();
        Assert.Equal(0, await client.EndAsync());
    }

    [Fact]
    public async Task UdpChatOperator_knows_its_contacts_by_name()
    {
        await using Peer @operator = Programs.Sample("UdpChatOperator", AnyUdpPort);
        string[] address = (await @operator.SampleAddressAsync()).HostAndPort();
        await using Peer lily = Programs.Python("udp_chat_contact.py", [.. address, "小丽"]);
        await @operator.SaysAsync("小丽: I am 小丽");
        await using Peer tom = Programs.Python("udp_chat_contact.py", [.. address, "Tom"]);
        await @operator.SaysAsync("Tom: I am Tom");

        await tom.TypeAsync("hello");
        await @operator.SaysAsync("Tom: hello");
        await lily.TypeAsync("你好");
        await @operator.SaysAsync("小丽: 你好");

        await @operator.TypeAsync("好久不见");
        await lily.SaysAsync("operator: 好久不见");
        await @operator.TypeAsync("@Tom long time no see");
        await tom.SaysAsync("operator: long time no see");

        await @operator.TypeAsync("quit");
        await @operator.TypeAsync("anybody?");
        await @operator.SaysAsync("Nobody to talk to. Known:");
        await lily.TypeAsync("我还在");
        await @operator.SaysAsync("小丽: 我还在");
        await @operator.TypeAsync("我也在");
        await lily.SaysAsync("operator: 我也在");
    }

    [Fact]
    public async Task UdpChatOperator_forgets_who_quits_and_names_a_stranger_by_its_end_point()
    {
        await using Peer @operator = Programs.Sample("UdpChatOperator", AnyUdpPort);
        string[] address = (await @operator.SampleAddressAsync()).HostAndPort();
        await using Peer stranger = Programs.Python("udp_chat_contact.py", address);

        await stranger.TypeAsync("who am I?");
        await @operator.SaysAsync("127.0.0.1:");
        await @operator.SaysAsync(": who am I?");
        await @operator.TypeAsync("a stranger");
        await stranger.SaysAsync("operator: a stranger");
        await stranger.TypeAsync("quit");
        await @operator.SaysAsync(": quit");
        await @operator.TypeAsync("hello?");
        await @operator.SaysAsync("Nobody to talk to.");
    }

    [Fact]
    public async Task UdpChatContact()
    {
        await using Peer @operator = Programs.Python("udp_chat_operator.py", "127.0.0.1", "0");
        await using Peer contact = Programs.Sample("UdpChatContact", $"{await @operator.PythonAddressAsync("udp")}", "小明");

        await @operator.SaysAsync("小明 is there");
        await contact.TypeAsync("在吗？");
        await @operator.SaysAsync("小明: 在吗？");
        await @operator.TypeAsync("在");
        await contact.SaysAsync("Operator: 在");
        await contact.TypeAsync("quit");
        await @operator.SaysAsync("小明 left");
        Assert.Equal(0, await contact.EndAsync());
    }

    [Fact]
    public async Task ChatRoomServer()
    {
        await using Peer server = Programs.Sample("ChatRoomServer", AnyPort);
        string[] address = (await server.SampleAddressAsync()).HostAndPort();
        await using Peer lily = Programs.Python("chat_client.py", address);
        await lily.SaysAsync("Your name?");
        await lily.TypeAsync("小丽");
        await lily.SaysAsync("Welcome. Here are: 小丽");

        await using Peer tom = Programs.Python("chat_client.py", address);
        await tom.SaysAsync("Your name?");
        await tom.TypeAsync("小丽");
        await tom.SaysAsync("Your name?");
        await tom.TypeAsync("Tom");
        await tom.SaysAsync("Welcome.");
        await lily.SaysAsync("Tom came in");

        await tom.TypeAsync("你好！");
        await lily.SaysAsync("Tom: 你好！");
        await lily.TypeAsync("Hello!");
        await tom.SaysAsync("小丽: Hello!");
        Assert.DoesNotContain("Tom: 你好！", tom.Output);

        tom.EndInput();
        Assert.Equal(0, await tom.EndAsync());
        await lily.SaysAsync("Tom left");
    }

    [Fact]
    public async Task ChatRoomClient()
    {
        await using Peer server = Programs.Python("chat_server.py", "127.0.0.1", "0");
        string address = $"{await server.PythonAddressAsync("tcp")}";
        await using Peer lily = Programs.Sample("ChatRoomClient", address);
        await lily.SaysAsync("Your name?");
        await lily.TypeAsync("小丽");
        await server.SaysAsync("小丽 came in");
        await using Peer tom = Programs.Sample("ChatRoomClient", address);
        await tom.SaysAsync("Your name?");
        await tom.TypeAsync("Tom");
        await lily.SaysAsync("Tom came in");

        await lily.TypeAsync("你好");
        await tom.SaysAsync("小丽: 你好");
        lily.EndInput();
        await lily.SaysAsync("The room is closed.");
        Assert.Equal(0, await lily.EndAsync());
        await tom.SaysAsync("小丽 left");
    }

    private static async Task TakeTurnsAsync(Peer caller, Peer called, string callerSays)
    {
        await caller.TypeAsync("Hello?");
        await called.SaysAsync(callerSays + "Hello?");
        await called.TypeAsync("你是谁？");
        await caller.SaysAsync("你是谁？");
        await caller.TypeAsync("我是小王");
        await called.SaysAsync(callerSays + "我是小王");
        await called.TypeAsync("Hello, 小王!");
        await caller.SaysAsync("Hello, 小王!");
    }
}
