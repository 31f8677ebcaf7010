using FsCheck;
using FsCheck.Fluent;
using Sockeye.Hub.Gateways.Udp;

namespace Sockeye.Hub.Tests.Gateways.Udp;

/// <summary>Beyond the hub's own machine an address may be forged: it gets little, and nothing of it is kept, until it has sent its token back.</summary>
public class UdpForgeryTests
{
    private static readonly Config Quiet = Config.QuickThrowOnFailure.WithMaxTest(100).WithQuietOnSuccess(true);

    private static readonly Gen<string> Words = Gen.Elements(
        "/name TOM", "/name", "/token", "/token 000000000000 TOM", "hello", "#1 hello", "@TOM hello", "/listen", "/history 50", "/help", "quit", "", "x", "/who *",
        new string('x', 5000), "大家好", "/join lobby");

    [Fact]
    public async Task The_token_comes_back_and_all_is_as_at_home()
    {
        await using UdpHub hub = await UdpHub.StartAsync(UdpHub.Elsewhere);
        await using UdpPeer tom = await hub.OpenAsync("udp://192.0.2.2:0", UdpHub.Elsewhere);
        await using UdpPeer jack = await hub.OpenAsync("udp://192.0.2.3:0", UdpHub.Elsewhere);

        string welcome = await tom.AskAsync("/name TOM");
        Assert.Equal($"* Welcome. Now send: /token {TokenIn(welcome)} TOM", welcome);
        Assert.StartsWith("* Hello, TOM.", await tom.AskAsync($"/token {TokenIn(welcome)} TOM"), StringComparison.Ordinal);
        Assert.StartsWith("* Hello, JACK.", await jack.AskAsync($"/token {TokenIn(await jack.AskAsync("hello"))} JACK"), StringComparison.Ordinal);
        await jack.AskAsync("/listen");
        Assert.Equal("ok 1 #lobby\n* JACK has come in.", await tom.AskAsync("hello"));
        Assert.Equal("1 [18:02] TOM: hello", await jack.ReceiveAsync());
    }

    [Fact]
    public async Task A_door_on_all_interfaces_knows_this_machine_from_others()
    {
        await using UdpHub hub = await UdpHub.StartAsync("udp://*:9000");
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await using UdpPeer jack = await hub.OpenAsync("udp://192.0.2.3:0", UdpHub.Elsewhere);
        await using UdpPeer rose = await hub.OpenAsync("udp://[2001:db8::2]:0", UdpHub.Elsewhere6);

        Assert.StartsWith("* Hello, JACK.", await jack.AskAsync($"/token {TokenIn(await jack.AskAsync("/name JACK"))} JACK"), StringComparison.Ordinal);
        Assert.StartsWith("* Hello, ROSE.", await rose.AskAsync($"/token {TokenIn(await rose.AskAsync("/name ROSE"))} ROSE"), StringComparison.Ordinal);
        Assert.StartsWith("ok 1 #lobby", await rose.AskAsync("hello"), StringComparison.Ordinal);
        Assert.Contains("1 [18:02] ROSE: hello", await jack.AskAsync(""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_s_token_is_worth_nothing()
    {
        await using UdpHub hub = await UdpHub.StartAsync(UdpHub.Elsewhere);
        await using UdpPeer tom = await hub.OpenAsync("udp://192.0.2.2:0", UdpHub.Elsewhere);
        await using UdpPeer jack = await hub.OpenAsync("udp://192.0.2.3:0", UdpHub.Elsewhere);
        string token = TokenIn(await tom.AskAsync("/name TOM"));

        Assert.StartsWith("! ", await jack.AskAsync($"/token {token} TOM"), StringComparison.Ordinal);
        Assert.Equal(0, hub.Server.ClientCount);
    }

    [Theory]
    [InlineData(UdpHub.Elsewhere, "udp://192.0.2.2:0")]
    [InlineData(UdpHub.Elsewhere6, "udp://[2001:db8::2]:0")]
    public async Task Whatever_it_sends_it_gets_one_answer_each_and_at_most_three_times_the_bytes(string at, string from)
    {
        // Somebody has said much that could be sent.
        await using UdpHub hub = await UdpHub.StartAsync(at);
        await using UdpPeer tom = await hub.OpenAsync(from, at);
        await tom.AskAsync($"/token {TokenIn(await tom.AskAsync("hello"))} TIM");
        for (int i = 0; i < 20; i++)
            await tom.AskAsync(new string('x', 1000));

        Prop.ForAll(Words.NonEmptyListOf().ToArbitrary(), words =>
        {
            // So that it is within what strangers may ask.
            hub.Clock.Advance(TimeSpan.FromSeconds(5));
            AskAsync(words).GetAwaiter().GetResult();
        }).Check(Quiet);

        async Task AskAsync(IEnumerable<string> words)
        {
            await using UdpPeer forged = await hub.OpenAsync(from, at);
            foreach (string word in words)
            {
                string answer = await forged.AskAsync(word);
                Assert.DoesNotContain(new string('x', AddressTokens.Characters + 1), answer, StringComparison.Ordinal);
                Assert.InRange(forged.BytesReceived, 1, 3 * forged.BytesSent);
            }

            Assert.Equal(1, hub.Server.ClientCount);
        }
    }

    [Fact]
    public async Task A_flood_of_them_is_not_answered_beyond_a_rate()
    {
        await using UdpHub hub = await UdpHub.StartAsync(UdpHub.Elsewhere);
        await using UdpPeer forged = await hub.OpenAsync("udp://192.0.2.2:0", UdpHub.Elsewhere);
        await using UdpPeer tom = await hub.OpenAsync("udp://192.0.2.3:0", UdpHub.Elsewhere);
        await tom.AskAsync($"/token {TokenIn(await tom.AskAsync("hello"))} TOM");
        int burst = (int)UdpHub.Limits.Strangers.Burst;
        hub.Clock.Advance(TimeSpan.FromMinutes(1));
        for (int i = 0; i < burst; i++)
            await forged.AskAsync("hello");
        await forged.SendAsync("unheard");
        await forged.SendAsync("unheard");

        // Who is known is served, and after the two.
        Assert.Equal("* Nothing new.", await tom.AskAsync(""));
        hub.Clock.Advance(TimeSpan.FromSeconds(1));
        await forged.SendAsync("/name HEARD");
        Assert.EndsWith(" HEARD", await forged.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_refused_as_it_would_cross_the_network()
    {
        await using UdpHub hub = await UdpHub.StartAsync(UdpHub.Elsewhere);
        await using UdpPeer tom = await hub.OpenAsync("udp://192.0.2.2:0", UdpHub.Elsewhere);
        string token = TokenIn(await tom.AskAsync("/name TOM"));

        Assert.Equal(UdpTexts.ClearPassword, await tom.AskAsync($"/token {token} TOM secret horse"));
        Assert.StartsWith("* Hello, TOM.", await tom.AskAsync($"/token {token} TOM"), StringComparison.Ordinal);
        Assert.Equal(UdpTexts.ClearPassword, await tom.AskAsync("/password secret horse"));
    }

    private static string TokenIn(string answer) => answer[(answer.IndexOf("/token ", StringComparison.Ordinal) + 7)..].Split(' ')[0];
}
