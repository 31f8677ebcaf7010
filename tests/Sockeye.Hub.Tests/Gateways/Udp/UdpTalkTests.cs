using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Sockeye.Hub.Tests.Gateways.Udp;

/// <summary>The textbook's contact chat: who sends and receives once always has the answer to what it sent.</summary>
public class UdpTalkTests
{
    [Fact]
    public async Task The_contact_chat_word_for_word()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.OpenAsync();
        await using UdpPeer jack = await hub.OpenAsync();
        List<string> all = [];
        async Task Says(string who, UdpPeer peer, string words) => all.Add($"{who}> {words}\n{await peer.AskAsync(words)}");

        await Says("tom", tom, "hello?");
        await Says("tom", tom, "/name TOM");
        await Says("jack", jack, "/name TOM");
        await Says("jack", jack, "/name JACK");
        await Says("tom", tom, "@JACK hello");
        await Says("jack", jack, "/to TOM");
        await Says("jack", jack, "good morning");
        await Says("jack", jack, "#17 are you well?");
        await Says("jack", jack, "#17 are you well?");
        await Says("tom", tom, "");
        await Says("tom", tom, "");
        await Says("jack", jack, "quit");
        await Says("jack", jack, "hello everybody");
        await Says("tom", tom, "/who");
        await Says("jack", jack, "quit");
        all.Add($"tom> /more\n{await tom.NewsAsync()}");
        await Says("jack", jack, "anybody here?");

        Assert.Equal(
            """
            tom> hello?
            ! This hub does not know you, or has started anew: send /name NAME, then /to NAME if you had a contact, then this again.
            tom> /name TOM
            * Hello, TOM. What you send is said to the room; /help lists what else you can do. If your program listens all the time, say /listen.
            * You are in #lobby. Only you are here.
            jack> /name TOM
            ! TOM is here already: take another name. If it is yours, from a program that has ended: try again in 15 s.
            jack> /name JACK
            * Hello, JACK. What you send is said to the room; /help lists what else you can do. If your program listens all the time, say /listen.
            * You are in #lobby. 2 people are here: TOM and you.
            tom> @JACK hello
            ok 1 @JACK
            * JACK has come in.
            jack> /to TOM
            * What you send goes to TOM now; quit leaves.
            1 [18:02] TOM to you alone: hello
            jack> good morning
            ok 2 @TOM
            jack> #17 are you well?
            #17 ok 3 @TOM
            jack> #17 are you well?
            #17 ok 3 @TOM again
            tom> 
            2 [18:02] JACK to you alone: good morning
            3 [18:02] JACK to you alone: are you well?
            tom> 
            * Nothing new.
            jack> quit
            * You have left TOM; what you send goes to #lobby.
            jack> hello everybody
            ok 1 #lobby
            tom> /who
            * 2 people are in #lobby: JACK and you.
            1 [18:02] JACK: hello everybody
            jack> quit
            * Good-bye.
            tom> /more
            * JACK has left.
            jack> anybody here?
            ! This hub does not know you, or has started anew: send /name NAME, then /to NAME if you had a contact, then this again.
            """.ReplaceLineEndings("\n"),
            string.Join('\n', all));
    }

    [Fact]
    public async Task Who_does_not_listen_is_sent_nothing_between_its_turns()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await using UdpPeer jack = await hub.ComeAsync("JACK");
        for (int turn = 1; turn <= 20; turn++)
        {
            for (int i = 0; i < 3; i++)
                await tom.AskAsync($"turn {turn}");

            // Whatever has happened meanwhile, the answer to this is the next that comes.
            string[] answer = (await jack.AskAsync($"#{turn} jack {turn}")).Split('\n');
            Assert.Equal($"#{turn} ok {turn * 4} #lobby", answer[0]);
            Assert.Equal(3, answer.Count(line => line.EndsWith($"TOM: turn {turn}", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Who_listens_is_sent_at_once_what_others_say_and_one_receipt_for_each_of_its_own()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await using UdpPeer jack = await hub.ComeAsync("JACK");
        await tom.AskAsync("before");

        Assert.Equal(
            "* What others say is sent to you when they say it; /listen off: with the answers to what you send.\n1 [18:02] TOM: before",
            await jack.AskAsync("/listen"));
        for (int i = 2; i < 50; i++)
        {
            await tom.AskAsync($"line {i}");
            Assert.Equal($"{i} [18:02] TOM: line {i}", await jack.ReceiveAsync());
        }

        Assert.Equal("ok 50 #lobby", await jack.AskAsync("me too"));
        await jack.AskAsync("/listen off");
        await tom.AskAsync("the last");
        Assert.Equal("ok 52 #lobby\n51 [18:02] TOM: the last", await jack.AskAsync("enough"));
    }

    [Fact]
    public async Task Who_listens_is_sent_what_does_not_fit_into_an_answer_without_asking()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await tom.AskAsync("/listen");
        for (int i = 1; i <= 3; i++)
            await tom.AskAsync($"{i} {new string('x', 900)}");

        Assert.StartsWith("* What was said last in #lobby:\n1 ", await tom.AskAsync("/history"), StringComparison.Ordinal);
        Assert.StartsWith("2 ", await tom.ReceiveAsync(), StringComparison.Ordinal);
        string last = await tom.ReceiveAsync();
        Assert.StartsWith("3 ", last, StringComparison.Ordinal);
        Assert.EndsWith("xxx", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_fit_beside_a_receipt_is_there_to_be_asked_for()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await using UdpPeer jack = await hub.ComeAsync("JACK");
        for (int i = 1; i <= 5; i++)
            await tom.AskAsync($"{i} {new string('x', 500)}");

        string[] answers = [await jack.AskAsync("hello"), await jack.AskAsync("/more"), await jack.AskAsync("")];

        Assert.StartsWith("ok 6 #lobby\n1 [18:02] TOM: 1 ", answers[0], StringComparison.Ordinal);
        Assert.EndsWith("\n… 3 more: /more", answers[0], StringComparison.Ordinal);
        Assert.EndsWith("\n… 1 more: /more", answers[1], StringComparison.Ordinal);
        Assert.StartsWith("5 [18:02] TOM: 5 xxx", answers[2], StringComparison.Ordinal);
        Assert.Equal("* Nothing new.", await jack.AskAsync(""));
    }

    [Fact]
    public async Task A_message_longer_than_a_datagram_comes_in_pieces_that_are_no_lines_of_their_own()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await using UdpPeer jack = await hub.ComeAsync("JACK");
        await jack.AskAsync("/listen");
        string said = string.Concat(Enumerable.Repeat("大家好👩‍👩‍👧 ", 120)).Trim();
        await tom.AskAsync(said);

        string heard = "";
        while (heard.Length < said.Length)
        {
            foreach (string line in (await jack.ReceiveAsync()).Split('\n'))
                heard += heard.Length == 0 ? line["1 [18:02] TOM: ".Length..] : line.StartsWith("        ", StringComparison.Ordinal) ? line[8..] : "?";
        }

        Assert.Equal(said, heard);
    }

    [Fact]
    public async Task A_reader_that_is_far_behind_is_told_how_much_it_missed()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await using UdpPeer jack = await hub.ComeAsync("JACK");
        int messages = UdpHub.Limits.PendingLinesMax + 30;
        for (int i = 1; i <= messages; i++)
            Assert.StartsWith($"ok {i} ", await tom.AskAsync($"line {i}"), StringComparison.Ordinal);

        string[] lines = (await jack.AskAsync("")).Split('\n');

        Assert.Equal("… you missed 30 messages: /history shows the last", lines[0]);
        Assert.EndsWith("TOM: line 31", lines[1], StringComparison.Ordinal);
        Assert.Equal(
            $"* What was said last in #lobby:\n{messages - 1} [18:02] TOM: line {messages - 1}\n{messages} [18:02] TOM: line {messages}",
            string.Join('\n', (await jack.AskAsync("/history 2")).Split('\n')[..3]));
    }

    [Fact]
    public async Task Rooms_as_at_the_other_doors()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");

        Assert.Equal("* You are in #dev. Only you are here.", await tom.AskAsync("/join dev"));
        Assert.Equal("ok 1 #dev", await tom.AskAsync("hello"));
        Assert.Equal("* #dev, 1 person, where you are\n* #lobby, 1 person, with you", await tom.AskAsync("/rooms"));
        Assert.Equal("* Only you are on this hub.", await tom.AskAsync("/who *"));
        Assert.Equal("! It is /listen, or /listen off.", await tom.AskAsync("/listen please"));
        Assert.Equal("* You have left #dev. You are in #lobby now.", await tom.AskAsync("/leave"));
        Assert.Equal("! You are not in dev.", await tom.AskAsync("/leave dev"));
        Assert.Equal("* You have left #lobby. You are in no room now: /join one.", await tom.AskAsync("/leave"));
        Assert.Equal("! You are in no room: /join one first.", await tom.AskAsync("hello"));
        Assert.Equal("* You are in #dev. Only you are here.\n1 [18:02] TOM: hello", await tom.AskAsync("/join dev"));
        Assert.Equal("* You are TIM now.", await tom.AskAsync("/name TIM"));
        Assert.Equal("* You are away; /back when you are back.", await tom.AskAsync("/away"));
        Assert.Equal("* You are back.", await tom.AskAsync("/away"));
        Assert.Equal("* You are back.", await tom.AskAsync("/back"));
        Assert.Equal("! There is no command /jion: did you mean /join?", await tom.AskAsync("/jion dev"));
    }

    [Fact]
    public async Task A_contact_is_followed_when_it_takes_another_name()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await using UdpPeer jack = await hub.ComeAsync("JACK");
        await tom.AskAsync("/to JACK");
        await jack.AskAsync("/name JIM");

        Assert.Equal("ok 1 @JIM\n* JACK is JIM now.", await tom.AskAsync("hello"));
        Assert.Equal("1 [18:02] TOM to you alone: hello", await jack.AskAsync(""));
    }

    [Fact]
    public async Task Who_says_something_to_a_name_that_is_somebody_else_s_now_is_told()
    {
        await using UdpHub hub = await UdpHub.StartAsync("udp://*:9000");
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await using UdpPeer jack = await hub.OpenAsync("udp://192.0.2.3:0", UdpHub.Elsewhere);
        string token = (await jack.AskAsync("/name JACK")).Split("/token ")[1];
        await jack.AskAsync($"/token {token}");
        await tom.AskAsync("/to JACK");
        await jack.AskAsync("/quit");
        await using UdpPeer other = await hub.ComeAsync("JACK");

        string[] answer = (await tom.AskAsync("between us")).Split('\n');
        Assert.Equal(["ok 1 @JACK", "! That went to another JACK than before: the one you talked to has gone, or has another name."], answer[..2]);
        Assert.Equal("ok 2 @JACK", await tom.AskAsync("hello, other one"));
    }

    [Fact]
    public async Task What_was_said_on_another_day_stands_below_its_date()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await tom.AskAsync("yesterday");
        await tom.AskAsync("quit");
        hub.Clock.Advance(TimeSpan.FromHours(14));
        await using UdpPeer jack = await hub.ComeAsync("JACK");
        await jack.AskAsync("today");

        Assert.Equal(
            "* What was said last in #lobby:\n* Friday, 20 November 2026\n1 [18:02] TOM: yesterday\n* Saturday, 21 November 2026\n2 [08:02] JACK: today",
            await jack.AskAsync("/history"));
        Assert.Contains("JACK and you.\n* Friday, 20 November 2026\n1 [18:02] TOM: yesterday\n* Saturday, 21 November 2026\n2 [08:02] JACK: today", await tom.AskAsync("/name TOM"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_is_sent_has_one_answer_and_that_fits()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer jack = await hub.ComeAsync("JACK");
        Gen<byte[]> datagrams = Gen.OneOf(
            Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(),
            Gen.Elements(
                "/name TOM", "/name T M", "/to JACK", "/to", "@JACK ", "#17 ", "#", "hello", "quit", "/quit", "/join ", "/leave", "/rooms", "/who ", "/history ", "/away",
                "/more", "/help", "/listen off", "/token x", "//", "@@", " 50", "\n", "好", new string('x', 3000), "\u001b[2J").ListOf()
                .Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))));
        Prop.ForAll(datagrams.NonEmptyListOf().ToArbitrary(), all => PlayAsync(all).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true));

        async Task PlayAsync(IEnumerable<byte[]> all)
        {
            hub.Clock.Advance(TimeSpan.FromMinutes(1));
            await using UdpPeer tom = await hub.OpenAsync();
            await tom.AskAsync("/name TOM");
            foreach (byte[] datagram in all)
                Assert.InRange(Encoding.UTF8.GetByteCount(await tom.AskAsync(datagram)), 1, UdpHub.Limits.DatagramBytesMax - 1);

            // Nothing else has come: the answer to this is the next.
            Assert.StartsWith("#99 ", await tom.AskAsync("#99 /quit"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_was_away_is_given_what_was_said_to_them_meanwhile()
    {
        await using UdpHub hub = await UdpHub.StartAsync();
        await using UdpPeer tom = await hub.ComeAsync("TOM");
        await using UdpPeer jack = await hub.ComeAsync("JACK");
        await jack.AskAsync("/quit");
        await tom.AskAsync("@JACK for you");
        await tom.AskAsync("for all");

        string[] welcome = (await jack.AskAsync("/name JACK")).Split('\n');

        Assert.StartsWith("* Welcome back, JACK.", welcome[0], StringComparison.Ordinal);
        Assert.Contains("1 [18:02] TOM to you alone: for you", welcome);
        Assert.Contains("1 [18:02] TOM: for all", welcome);
        Assert.Equal("* Nothing new.", await jack.AskAsync(""));
    }
}
