using Sockeye.Hub.Storage;

namespace Sockeye.Hub.Tests.Gateways.Udp;

/// <summary>A client's own numbers: what is sent again is not said again, and who begins anew says something new.</summary>
public class UdpNumberTests
{
    [Fact]
    public async Task Repeating_doubles_nothing()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");

        Assert.Equal("#1 ok 1 #lobby", await tom.AskAsync("#1 hello"));
        for (int i = 0; i < 5; i++)
            Assert.Equal("#1 ok 1 #lobby again", await tom.AskAsync("#1 hello"));
        Assert.Equal("#2 ok 2 #lobby", await tom.AskAsync("#2 hello"));
        Assert.Equal("#1 ok 3 #lobby", await tom.AskAsync("#1 something else"));
        Assert.Equal("ok 4 #lobby", await tom.AskAsync("hello"));
        Assert.Equal("ok 5 #lobby", await tom.AskAsync("hello"));
    }

    [Fact]
    public async Task Two_with_the_same_number_say_two_things()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await using UdpPeer jack = await hub.ComeAsync("JACK");

        Assert.Equal("#1 ok 1 #lobby\n* JACK has come in.", await tom.AskAsync("#1 hello"));
        Assert.StartsWith("#1 ok 2 #lobby\n", await jack.AskAsync("#1 hello"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_may_last_and_its_numbers_are_good_to_its_end()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await tom.AskAsync("#1 hello");
        for (TimeSpan passed = TimeSpan.Zero; passed < UdpHub.Limits.RepeatWindow * 2; passed += TimeSpan.FromMinutes(5))
        {
            hub.Clock.Advance(TimeSpan.FromMinutes(5));
            await tom.AskAsync("");
        }

        Assert.Equal("#1 ok 1 #lobby again", await tom.AskAsync("#1 hello"));
    }

    [Fact]
    public async Task After_good_bye_and_after_a_week_counting_begins_anew_at_the_same_port_with_the_same_words()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        UdpPeer tom = await hub.ComeAsync("TOM", "udp://127.0.0.1:4711");
        Assert.Equal("#1 ok 1 #lobby", await tom.AskAsync("#1 hello"));
        hub.Clock.Advance(TimeSpan.FromSeconds(1));
        await tom.AskAsync("quit");
        await tom.DisposeAsync();
        hub.Clock.Advance(TimeSpan.FromSeconds(1));

        // Other sessions of the same program, each of which repeats: as many as are told apart by what is kept, and more.
        for (int session = 2; session < 14; session++)
        {
            await using UdpPeer again = await hub.ComeAsync("TOM", "udp://127.0.0.1:4711");
            Assert.Equal($"#1 ok {session} #lobby", await again.AskAsync("#1 hello"));
            Assert.Equal($"#1 ok {session} #lobby again", await again.AskAsync("#1 hello"));
            if (session % 2 == 0)
            {
                // It ends without a word.
                hub.Clock.Advance(UdpHub.Limits.IdleTimeout * 2);
                await hub.PassTimeUntilAsync(WhenGoneAsync(hub), TimeSpan.FromMinutes(1));
                hub.Clock.Advance(TimeSpan.FromDays(7));
            }
            else
            {
                hub.Clock.Advance(TimeSpan.FromSeconds(1));
                await again.AskAsync("quit");
                hub.Clock.Advance(TimeSpan.FromSeconds(1));
            }
        }
    }

    [Fact]
    public async Task A_hub_that_has_started_anew_says_what_to_do_and_knows_what_was_said_before()
    {
        MemoryStore store = new();
        UdpHub first = await UdpHub.StartAsync(store: store);
        await using UdpPeer tom = await first.ComeAsync("TOM");
        Assert.Equal("#17 ok 1 #lobby", await tom.AskAsync("#17 hello"));
        await first.StopAsync();

        await using UdpHub second = await UdpHub.StartAsync(store: store, after: first);
        second.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(
            "#17 ! This hub does not know you, or has started anew: send /name NAME, then /to NAME if you had a contact, then this again.",
            await tom.AskAsync("#17 hello"));
        Assert.StartsWith("* Welcome back, TOM.", await tom.AskAsync("/name TOM"), StringComparison.Ordinal);
        Assert.Equal("#17 ok 1 #lobby again", await tom.AskAsync("#17 hello"));
        Assert.Equal("#18 ok 2 #lobby", await tom.AskAsync("#18 what next?"));
    }

    [Fact]
    public async Task What_is_refused_says_so_under_its_number()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");

        Assert.Equal("#1 ! There is nobody of that name.", await tom.AskAsync("#1 @NOBODY hello"));
        Assert.Equal("#2 ! It is #NUMBER TEXT.", await tom.AskAsync("#2"));
        Assert.Equal("#3 ! The message has 4001 bytes, and 4000 are the most: say it in parts.", await tom.AskAsync($"#3 {new string('x', 4001)}"));
        Assert.Equal("#4 * Only you are in #lobby.", await tom.AskAsync("#4 /who"));
    }

    private static async Task WhenGoneAsync(UdpHub hub)
    {
        while (hub.Server.ClientCount > 0)
            await Task.Yield();
    }
}
