namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>What a newcomer reads, word for word.</summary>
public class FirstVisitTests
{
    [Fact]
    public async Task A_first_visit()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer jack = await hub.ComeAsync("Jack");
        await jack.TypeAsync("good morning", "my screen: \u001b[31mred\u001b[0m");
        await jack.SettleAsync();
        hub.Clock.Advance(TimeSpan.FromHours(14));
        await jack.TypeAsync("a new day");
        await jack.SettleAsync();
        await using TextPeer rose = await hub.ComeAsync("Rose");
        await rose.TypeAsync("/away tea");
        await rose.SettleAsync();

        await using TextPeer tom = await hub.ConnectAsync();
        await hub.PassTimeUntilAsync(tom.SaysAsync("What is your name?\r\n"), TimeSpan.FromMilliseconds(200));
        await tom.TypeAsync("Jack");
        await tom.SaysAsync("take another name.\r\n");
        await tom.TypeAsync("Tom");
        await tom.SaysAsync("a new day\r\n");
        await tom.TypeAsync("hello everybody", "/msg Jack just for you");
        await jack.SaysAsync("To answer: /msg Tom TEXT\r\n");
        await jack.TypeAsync("/msg Tom and for you", "hello Tom");
        await tom.SaysAsync("hello Tom\r\n");
        await tom.TypeAsync("/join dev", "/rooms", "/who", "/hlep", "quit");
        await tom.EndAsync();

        Assert.Equal(
            """
            * Welcome. This is a Sockeye hub, where people chat.
            * What is your name?
            ! Jack is here already: take another name.
            * Hello, Tom. What you type is said to the room; /help lists what else you can do.
            * You are in #lobby. 3 people are here: Jack, Rose (away: tea) and you.
            * Friday, 20 November 2026
            [18:02] Jack: good morning
            [18:02] Jack: my screen: red
            * Saturday, 21 November 2026
            [08:02] Jack: a new day
            [08:02] Jack to you alone: and for you
            * To answer: /msg Jack TEXT
            [08:02] Jack: hello Tom
            * You are in #dev. Only you are here.
            * #lobby, 3 people, with you
            * #dev, 1 person, where you are
            * Only you are in #dev.
            ! There is no command /hlep: did you mean /help?
            * Good-bye.

            """,
            tom.All.ReplaceLineEndings("\n"));
    }
}
