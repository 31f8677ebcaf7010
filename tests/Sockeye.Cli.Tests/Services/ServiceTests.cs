using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sockeye.Cli.Services;
using Sockeye.Cli.Tests.Serving;

namespace Sockeye.Cli.Tests.Services;

/// <summary>The services, over the operating system's sockets.</summary>
public class ServiceTests
{
    private const string Streams = "tcp://127.0.0.1:0 unix://FOLDER/s.sock";
    private const string Messages = "udp://127.0.0.1:0 unix-dgram://FOLDER/d.sock unix-seqpacket://FOLDER/q.sock";

    public static TheoryData<string> StreamSchemes => ["tcp", "unix"];

    public static TheoryData<string> MessageSchemes => ["udp", "unix-dgram", "unix-seqpacket"];

    [Theory]
    [MemberData(nameof(StreamSchemes))]
    public async Task Greet_sends_exactly_the_text_hears_the_client_and_closes(string scheme)
    {
        await using RunningServe serve = await RunningServe.StartAsync(new GreetService("Thank you for connecting", closeAtOnce: false), Streams);
        using Socket client = await serve.ConnectAsync(scheme);

        Assert.Equal("Thank you for connecting", await client.HearAsync("Thank you for connecting"));
        await client.SayAsync("thanks");

        Assert.Equal("", await client.HearAllAsync());
        await serve.Lines.FindAsync("sent 6 bytes: thanks");
        await serve.Lines.FindAsync("left (closed)");
    }

    [Fact]
    public async Task Greet_may_close_at_once()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new GreetService("hi", closeAtOnce: true), Streams);
        using Socket client = await serve.ConnectAsync("tcp");

        Assert.Equal("hi", await client.HearAllAsync());
    }

    [Theory]
    [MemberData(nameof(MessageSchemes))]
    public async Task Greet_answers_messages_with_the_text(string scheme)
    {
        await using RunningServe serve = await RunningServe.StartAsync(new GreetService("Привет", closeAtOnce: false), Messages);
        using Socket client = await serve.ConnectAsync(scheme);

        await client.SayAsync("x");

        Assert.Equal("Привет", await client.HearAsync());
    }

    [Theory]
    [MemberData(nameof(StreamSchemes))]
    [MemberData(nameof(MessageSchemes))]
    public async Task Hello_answers_each_receive(string scheme)
    {
        await using RunningServe serve = await RunningServe.StartAsync(new HelloService(byLines: false), $"{Streams} {Messages}");
        using Socket client = await serve.ConnectAsync(scheme);

        for (int i = 0; i < 3; i++)
        {
            await client.SayAsync("Hello, server!");
            Assert.Equal("Hello, client!", await client.HearAsync("Hello, client!"));
        }
    }

    [Theory]
    [MemberData(nameof(StreamSchemes))]
    public async Task Hello_answers_each_line_however_it_is_cut(string scheme)
    {
        await using RunningServe serve = await RunningServe.StartAsync(new HelloService(byLines: true), Streams);
        using Socket client = await serve.ConnectAsync(scheme);

        await client.SayAsync("one\ntwo\nth");
        Assert.Equal("Hello, client!\nHello, client!\n", await client.HearAsync("Hello, client!\nHello, client!\n"));
        await client.SayAsync("ree\n");
        client.Shutdown(SocketShutdown.Send);

        Assert.Equal("Hello, client!\n", await client.HearAllAsync());
    }

    [Theory]
    [MemberData(nameof(StreamSchemes))]
    public async Task Echo_sends_everything_back_and_ends_when_the_client_does(string scheme)
    {
        await using RunningServe serve = await RunningServe.StartAsync(new EchoService(), Streams);
        using Socket client = await serve.ConnectAsync(scheme);
        byte[] sent = new byte[3_000_000];
        new Random(7).NextBytes(sent);
        byte[] received = new byte[sent.Length];

        Task sending = SendAndEndAsync(client, sent);
        int length = 0;
        while (await client.ReceiveAsync(received.AsMemory(length)).AsTask().WaitAsync(Lines.Patience) is > 0 and int count)
            length += count;
        await sending;

        Assert.Equal(sent, received);
        await serve.Lines.FindAsync("left (ended)");
    }

    [Theory]
    [MemberData(nameof(MessageSchemes))]
    public async Task Echo_keeps_the_boundaries_of_messages(string scheme)
    {
        await using RunningServe serve = await RunningServe.StartAsync(new EchoService(), Messages);
        using Socket client = await serve.ConnectAsync(scheme);
        string[] messages = ["one", "two", new string('x', 40_000), "four"];

        foreach (string message in messages)
            await client.SayAsync(message);

        foreach (string message in messages)
            Assert.Equal(message, await client.HearAsync());
    }

    [Theory]
    [MemberData(nameof(StreamSchemes))]
    public async Task Upper_answers_in_capitals_and_damages_no_cut_character(string scheme)
    {
        await using RunningServe serve = await RunningServe.StartAsync(new UpperService(), Streams);
        using Socket client = await serve.ConnectAsync(scheme);

        await client.SendAsync((byte[])[(byte)'a', 0xC3]);
        Assert.Equal("A", await client.HearAsync());
        await client.SendAsync((byte[])[0xA9, (byte)'b', 0xF0, 0x9F]);
        Assert.Equal("ÉB", await client.HearAsync("ÉB"));
        client.Shutdown(SocketShutdown.Send);

        byte[] rest = new byte[10];
        Assert.Equal(2, await client.ReceiveAsync(rest));
        Assert.Equal([0xF0, 0x9F], rest[..2]);
    }

    [Theory]
    [MemberData(nameof(MessageSchemes))]
    public async Task Upper_answers_each_message_by_itself(string scheme)
    {
        await using RunningServe serve = await RunningServe.StartAsync(new UpperService(), Messages);
        using Socket client = await serve.ConnectAsync(scheme);

        await client.SayAsync("hello");
        await client.SayAsync("ɐž");

        Assert.Equal("HELLO", await client.HearAsync());
        Assert.Equal("ⱯŽ", await client.HearAsync());
    }

    [Fact]
    public async Task Discard_says_nothing()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new DiscardService(), Streams);
        using Socket client = await serve.ConnectAsync("tcp");

        await client.SayAsync(new string('x', 1_000_000));
        client.Shutdown(SocketShutdown.Send);

        Assert.Equal("", await client.HearAllAsync());
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("udp")]
    public async Task Daytime_is_one_line(string scheme)
    {
        await using RunningServe serve = await RunningServe.StartAsync(new DaytimeService(new Fixed()), "tcp://127.0.0.1:0 udp://127.0.0.1:0");
        using Socket client = await serve.ConnectAsync(scheme);
        if (scheme == "udp")
            await client.SayAsync("");

        string line = scheme == "udp" ? await client.HearAsync() : await client.HearAllAsync();

        Assert.Equal("Monday, February 22, 1982 17:37:43-08:00\r\n", line);
    }

    [Fact]
    public async Task A_Unix_sender_without_a_name_gets_no_answer_and_harms_nobody()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new EchoService(), Messages);
        using Socket nameless = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        await nameless.ConnectAsync(serve.Addresses.First(address => address.Scheme == "unix-dgram").EndPoint);
        using Socket client = await serve.ConnectAsync("unix-dgram");

        await nameless.SayAsync("who am I?");
        await client.SayAsync("still there?");

        Assert.Equal("still there?", await client.HearAsync());
        await serve.Lines.FindAsync("no name");
    }

    [Fact]
    public async Task A_Unix_receiver_that_does_not_read_holds_up_nobody()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new EchoService(), Messages);
        using Socket client = await serve.ConnectAsync("unix-dgram");
        using Socket deaf = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        EndPoint server = client.RemoteEndPoint!;
        deaf.Bind(new UnixDomainSocketEndPoint($"{server}.deaf"));

        // Not connected: the kernel then bounds its queue, instead of letting it fill the server's send buffer.
        for (int i = 0; i < 500; i++)
            await deaf.SendToAsync("hello"u8.ToArray(), server);
        await client.SayAsync("still there?");

        Assert.Equal("still there?", await client.HearAsync());
        await serve.Lines.FindAsync("queue is full");
    }

    private static async Task SendAndEndAsync(Socket socket, byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
            sent += await socket.SendAsync(bytes.AsMemory(sent));
        socket.Shutdown(SocketShutdown.Send);
    }

    private sealed class Fixed : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("PST", TimeSpan.FromHours(-8), "PST", "PST");

        public override DateTimeOffset GetUtcNow() => new(1982, 2, 23, 1, 37, 43, TimeSpan.Zero);
    }
}
