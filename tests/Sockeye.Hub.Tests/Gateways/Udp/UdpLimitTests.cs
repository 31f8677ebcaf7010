using System.Text;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Udp;

namespace Sockeye.Hub.Tests.Gateways.Udp;

/// <summary>What datagrams can make grow, and what they cannot do.</summary>
public class UdpLimitTests
{
    [Theory]
    [InlineData(new byte[] { 0xc4, 0xe3, 0xba, 0xc3 }, "! That is not UTF-8 and was not taken.")]
    [InlineData(new byte[] { 0xff }, "! That is not UTF-8 and was not taken.")]
    [InlineData(new byte[] { 0 }, "* Nothing new.")]
    [InlineData(new byte[] { 0x1b, 0x5b, 0x32, 0x4a }, "* Nothing new.")]
    [InlineData(new byte[0], "* Nothing new.")]
    public async Task Odd_datagrams_have_a_clear_answer(byte[] datagram, string answer)
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");

        Assert.Equal(answer, await tom.AskAsync(datagram));
    }

    [Fact]
    public async Task The_longest_message_is_taken_and_the_longest_datagram_is_refused()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");

        Assert.Equal("ok 1 #lobby", await tom.AskAsync(new string('x', 4000)));
        Assert.StartsWith("! The message has 4256 bytes", await tom.AskAsync(new string('x', 4256)), StringComparison.Ordinal);
        Assert.Equal("! A datagram has 4256 bytes at most, and this one was not taken: say it in parts.", await tom.AskAsync(new string('x', 4257)));
        Assert.Equal("! A datagram has 4256 bytes at most, and this one was not taken: say it in parts.", await tom.AskAsync(new byte[65_507]));
    }

    [Fact]
    public async Task Nobody_s_terminal_is_attacked()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await using UdpPeer jack = await hub.ComeAsync("JACK");
        await tom.AskAsync("\u001b]0;owned\u0007\u001b[31mred\u202e\n3 [18:02] JACK: I resign");

        Assert.Equal("1 [18:02] TOM: red\n        3 [18:02] JACK: I resign", await jack.AskAsync(""));
    }

    [Fact]
    public async Task Too_many_at_once_are_refused_one_by_one_and_the_others_answered_in_order()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        int burst = (int)new ChatLimits().PerClient.Burst;
        Dictionary<string, int> answers = [];
        for (int i = 0; i < burst + 50; i++)
        {
            string answer = await tom.AskAsync("/who");
            answers[answer] = answers.GetValueOrDefault(answer) + 1;
        }

        Assert.Equal(new Dictionary<string, int> { ["* Only you are in #lobby."] = burst, [UdpTexts.TooFast] = 50 }, answers);
        hub.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("* Only you are in #lobby.", await tom.AskAsync("/who"));
    }

    [Fact]
    public async Task Each_of_many_that_come_at_once_has_one_answer()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        const int Count = 200;
        for (int i = 1; i <= Count; i++)
            await tom.SendAsync($"#{i} hello");

        HashSet<string> numbers = [];
        int own = 0;
        int taken = 0;
        for (int i = 1; i <= Count; i++)
        {
            string[] answer = (await tom.ReceiveAsync()).Split(' ');
            Assert.True(numbers.Add(answer[0]));
            if (answer[1] == "!")
                continue;

            // What is taken is taken in the order it came.
            int number = int.Parse(answer[0][1..]);
            Assert.InRange(number, own + 1, Count);
            own = number;
            Assert.Equal($"ok {++taken} #lobby", string.Join(' ', answer[1..]));
        }

        Assert.Equal("* Nothing new.", await tom.AskAsync(""));
    }

    [Fact]
    public async Task Who_is_silent_is_gone_and_the_others_are_told()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await using UdpPeer jack = await hub.ComeAsync("JACK");
        await tom.AskAsync("/listen");
        using CancellationTokenSource hang = new(Hang.Limit);
        string news;
        do
        {
            hang.Token.ThrowIfCancellationRequested();
            hub.Clock.Advance(TimeSpan.FromSeconds(30));
            news = await jack.AskAsync("");
        }
        while (news == "* Nothing new.");

        Assert.Equal("* TOM has left.", news);
        Assert.Equal("* You have sent nothing for 10 minutes and are no longer here: /name NAME when you are back.", await tom.ReceiveAsync());
        Assert.Equal(UdpTexts.Unknown, await tom.AskAsync("hello"));
    }

    [Fact]
    public async Task Clients_of_one_address_are_limited_where_that_is_asked_for()
    {
        await using UdpHub hub = await UdpHub.StartAsync(options: new HubOptions { UdpClientsPerAddressMax = 2, LimitsLoopback = true });
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await using UdpPeer jack = await hub.ComeAsync("JACK");
        await using UdpPeer rose = await hub.OpenAsync();

        Assert.StartsWith("! There are 2 connections from your address already", await rose.AskAsync("/name ROSE"), StringComparison.Ordinal);
        await tom.AskAsync("quit");
        Assert.StartsWith("* Hello, ROSE.", await rose.AskAsync("/name ROSE"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_clients_together_are_limited()
    {
        await using UdpHub hub = await UdpHub.StartAsync(options: new HubOptions { UdpClientsMax = 1 });
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await using UdpPeer jack = await hub.OpenAsync();

        Assert.StartsWith("! This hub is full", await jack.AskAsync("/name JACK"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_refused_a_name_leaves_nothing_behind()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        for (int i = 0; i < 20; i++)
        {
            await using UdpPeer jack = await hub.OpenAsync();
            Assert.StartsWith("! TOM is here already", await jack.AskAsync("/name TOM"), StringComparison.Ordinal);
            Assert.StartsWith("! A name has letters", await jack.AskAsync("/name T*M"), StringComparison.Ordinal);
            Assert.Equal(UdpTexts.Unknown, await jack.AskAsync("hello"));
        }

        await tom.AskAsync("/who");
        Assert.Equal(1, hub.Server.ClientCount);
    }

    [Fact]
    public async Task A_program_that_starts_anew_has_its_name_again_when_the_former_one_has_been_silent()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer former = await hub.ComeAsync("TOM");
        await using UdpPeer jack = await hub.ComeAsync("JACK");
        await using UdpPeer tom = await hub.OpenAsync();
        hub.Clock.Advance(UdpHub.Limits.TakeoverSilence - TimeSpan.FromSeconds(1));
        Assert.StartsWith("! TOM is here already", await tom.AskAsync("/name TOM"), StringComparison.Ordinal);
        hub.Clock.Advance(TimeSpan.FromSeconds(1));
        await jack.AskAsync("@TOM for you");

        Assert.Contains("\n1 [18:02] JACK to you alone: for you", await tom.AskAsync("/name TOM"), StringComparison.Ordinal);
        Assert.Equal(UdpTexts.Unknown, await former.AskAsync("hello"));
    }

    [Fact]
    public async Task Another_address_s_quit_does_nothing_to_anybody()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await using UdpPeer other = await hub.OpenAsync();

        Assert.Equal("* Good-bye.", await other.AskAsync("quit"));
        Assert.Equal("* Good-bye.", await other.AskAsync("/quit"));
        Assert.Equal("ok 1 #lobby", await tom.AskAsync("still here"));
    }

    [Fact]
    public async Task A_password_is_taken_on_the_hub_s_own_machine()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        Assert.Equal("* Your name is kept by that password now.", await tom.AskAsync("/password correct horse"));
        await tom.AskAsync("quit");

        Assert.Equal("! TOM is kept by a password. It is /name NAME PASSWORD.", await tom.AskAsync("/name TOM"));
        Assert.StartsWith("! TOM is kept by a password", await tom.AskAsync("/name TOM wrong horse"), StringComparison.Ordinal);
        Assert.StartsWith("* Welcome back, TOM.", await tom.AskAsync("/name TOM correct horse"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_closes_tells_who_listens_and_answers_the_others()
    {
        UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await tom.AskAsync("/listen");
        await tom.SendAsync("the last word");
        Assert.Equal("ok 1 #lobby", await tom.ReceiveAsync());
        await hub.DisposeAsync();

        Assert.Equal("* The hub is closing.", await tom.ReceiveAsync());
    }

    [Fact]
    public async Task Good_byes_are_kept_in_mind_up_to_a_bound()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        UdpClients clients = new(new Sockeye.Hub.Gateways.ConnectionLimits(1, 1, true), 10);
        for (int port = 1; port <= 100; port++)
            clients.SaidGoodBye(new(System.Net.IPAddress.Loopback, port), DateTimeOffset.UnixEpoch);

        Assert.Equal(10, clients.GoodByes);
        Assert.Null(clients.GoodByeOf(new(System.Net.IPAddress.Loopback, 90)));
        Assert.NotNull(clients.GoodByeOf(new(System.Net.IPAddress.Loopback, 91)));
    }

    [Theory]
    [InlineData("tcp://127.0.0.1:9000")]
    [InlineData("unix-dgram:///hub.sock")]
    public async Task An_address_that_is_not_UDP_is_refused_by_name(string address)
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => UdpHub.StartAsync(address));

        Assert.Contains(address, error.Message, StringComparison.Ordinal);
    }
}
