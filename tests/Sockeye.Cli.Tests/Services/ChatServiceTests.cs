using System.Net.Sockets;
using System.Text;
using Sockeye.Cli.Services.Chat;
using Sockeye.Cli.Tests.Serving;

namespace Sockeye.Cli.Tests.Services;

public class ChatServiceTests
{
    private const string AllKinds = "tcp://127.0.0.1:0 udp://127.0.0.1:0 unix://FOLDER/s.sock unix-dgram://FOLDER/d.sock unix-seqpacket://FOLDER/q.sock";

    private readonly ChatService _chat = new(TimeProvider.System);

    [Fact]
    public async Task All_addresses_are_one_room()
    {
        await using RunningServe serve = await RunningServe.StartAsync(_chat, AllKinds);
        string[] schemes = ["tcp", "udp", "unix", "unix-dgram", "unix-seqpacket"];
        Dictionary<string, Socket> members = [];
        foreach (string scheme in schemes)
            members[scheme] = await serve.ConnectAsync(scheme);
        await members["udp"].SayAsync("");
        await members["unix-dgram"].SayAsync("");
        await MembersAsync(serve, schemes.Length);

        foreach (string talker in schemes)
        {
            await members[talker].SayAsync($"I am {talker}\n");
            foreach (string other in schemes.Where(scheme => scheme != talker))
                Assert.Equal($"I am {talker}\n", await members[other].HearAsync());
        }

        foreach (Socket member in members.Values)
            member.Dispose();
    }

    [Fact]
    public async Task Two_talkers_are_never_mixed_within_a_line()
    {
        await using RunningServe serve = await RunningServe.StartAsync(_chat, "tcp://127.0.0.1:0");
        using Socket one = await serve.ConnectAsync(), two = await serve.ConnectAsync(), hearer = await serve.ConnectAsync();
        await MembersAsync(serve, 3);

        // Each piece goes before the other's: the pause that ends an unfinished line is not reached.
        await one.SayAsync("one begins");
        await two.SayAsync("two begins");
        await one.SayAsync(" and ends\r\n");
        await two.SayAsync(" and ends\n");

        string heard = await hearer.HearAsync("one begins and ends\ntwo begins and ends\n");
        Assert.Equal(["one begins and ends", "two begins and ends"], heard.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Fact]
    public async Task A_line_that_fits_no_datagram_comes_in_parts_that_do()
    {
        await using RunningServe serve = await RunningServe.StartAsync(_chat, "tcp://127.0.0.1:0 udp://127.0.0.1:0");
        using Socket talker = await serve.ConnectAsync(), hearer = await serve.ConnectAsync("udp");
        await hearer.SayAsync("");
        await MembersAsync(serve, 2);

        await talker.SayAsync(new string('x', ChatService.LineBytesMax + 1) + "\n");

        Assert.Equal(new string('x', ChatService.LineBytesMax) + "\n", await hearer.HearAsync());
        Assert.Equal("x\n", await hearer.HearAsync());
    }

    [Theory]
    [InlineData("", "x\n")]
    [InlineData("\n", "")]
    public async Task A_datagram_as_long_as_can_be_reaches_those_who_hear_datagrams(string end, string rest)
    {
        const int DatagramBytesMax = 65_507;
        await using RunningServe serve = await RunningServe.StartAsync(_chat, "udp://127.0.0.1:0 tcp://127.0.0.1:0");
        using Socket talker = await serve.ConnectAsync("udp"), hearer = await serve.ConnectAsync("udp"), reader = await serve.ConnectAsync("tcp");
        await hearer.SayAsync("");
        await MembersAsync(serve, 2);

        await talker.SayAsync(new string('x', DatagramBytesMax - end.Length) + end);

        string line = new string('x', ChatService.LineBytesMax) + "\n";
        Assert.Equal(line, await hearer.HearAsync());
        if (rest.Length > 0)
            Assert.Equal(rest, await hearer.HearAsync());
        Assert.Equal(line + rest, await reader.HearAsync(line + rest));
    }

    [Fact]
    public async Task A_line_without_an_end_goes_after_a_moment_and_when_its_talker_leaves()
    {
        await using RunningServe serve = await RunningServe.StartAsync(_chat, "tcp://127.0.0.1:0");
        using Socket hearer = await serve.ConnectAsync();
        using (Socket talker = await serve.ConnectAsync())
        {
            await MembersAsync(serve, 2);
            await talker.SayAsync("no line end");
            Assert.Equal("no line end\n", await hearer.HearAsync("no line end\n"));
            await talker.SayAsync("goodbye");
            talker.Shutdown(SocketShutdown.Send);
            Assert.Equal("goodbye\n", await hearer.HearAsync("goodbye\n"));
        }
    }

    [Fact]
    public async Task Who_does_not_read_is_put_out_and_holds_up_nobody()
    {
        await using RunningServe serve = await RunningServe.StartAsync(_chat, "tcp://127.0.0.1:0");
        using Socket talker = await serve.ConnectAsync(), hearer = await serve.ConnectAsync(), deaf = await serve.ConnectAsync();
        await MembersAsync(serve, 3);
        string line = new string('x', 50_000) + "\n";

        // Far more than the kernel's buffers hold for the deaf one.
        for (int i = 0; i < 400; i++)
        {
            await SendAllAsync(talker, line);
            Assert.Equal(line, await hearer.HearAsync(line));
        }

        await serve.Lines.FindAsync("left (slow)", "reads too slowly");
        await MembersAsync(serve, 2);
    }

    [Fact]
    public async Task A_silent_datagram_member_is_forgotten()
    {
        Clock clock = new();
        List<string> forgotten = [];
        ChatRoom room = new();
        DatagramMembers members = new(room, membersMax: 2, TimeSpan.FromMinutes(5), member => forgotten.Add(member.Name));
        HostNetwork network = new(clock);
        await using DatagramSocket socket = await network.OpenDatagramAsync("udp://127.0.0.1:0");
        System.Net.SocketAddress[] senders = [.. Enumerable.Range(5001, 3).Select(port => new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port).Serialize())];

        Assert.NotNull(members.Heard(socket, senders[0]));
        Assert.Same(members.Heard(socket, senders[0]), members.Heard(socket, senders[0]));
        Assert.NotNull(members.Heard(socket, senders[1]));
        Assert.Null(members.Heard(socket, senders[2]));
        clock.Now = TimeSpan.FromMinutes(4);
        members.Heard(socket, senders[1]);
        clock.Now = TimeSpan.FromMinutes(6);

        Assert.NotNull(members.Heard(socket, senders[2]));
        Assert.Equal(["udp://127.0.0.1:5001"], forgotten);
        Assert.Equal((2, 2), (members.Count, room.Count));

        clock.Now = TimeSpan.FromMinutes(20);
        room.Say(null, "anybody?\n"u8.ToArray());
        Assert.Equal((0, 0), (members.Count, room.Count));
        Assert.Equal(3, forgotten.Count);
    }

    [Fact]
    public async Task A_Unix_member_that_has_gone_is_forgotten()
    {
        await using RunningServe serve = await RunningServe.StartAsync(_chat, AllKinds);
        using Socket talker = await serve.ConnectAsync("tcp");
        await MembersAsync(serve, 1);
        using (Socket gone = await serve.ConnectAsync("unix-dgram"))
        {
            await gone.SayAsync("hello and goodbye");
            Assert.Equal("hello and goodbye\n", await talker.HearAsync("hello and goodbye\n"));
        }

        await talker.SayAsync("still there?\n");

        await MembersAsync(serve, 1);
    }

    private static async Task SendAllAsync(Socket socket, string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        for (int sent = 0; sent < bytes.Length;)
            sent += await socket.SendAsync(bytes.AsMemory(sent));
    }

    /// <summary>Waits until so many are in the room; somebody who looks in from time to time is no member.</summary>
    private async Task MembersAsync(RunningServe serve, int count)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (_chat.Room.Count == count)
                reached.TrySetResult();
        }

        _chat.Room.Changed += Look;
        Look();
        await Task.WhenAny(reached.Task, serve.Running).WaitAsync(Lines.Patience);
        _chat.Room.Changed -= Look;
        Assert.False(serve.Running.IsCompleted);
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
