using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Plain;
using Sockeye.Hub.Storage;

namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>What is typed at the plain-text door, and what comes of it.</summary>
public class TextConversationTests
{
    [Fact]
    public async Task What_one_says_the_others_read_and_the_one_does_not()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await using TextPeer jack = await hub.ComeAsync("Jack", TextHub.Unix);
        Assert.Equal("* Jack has come in.", await tom.LineAsync());

        await tom.TypeAsync("hello", "");
        Assert.Equal("[18:02] Tom: hello", await jack.LineAsync());
        await jack.TypeAsync("//help yourself", "  你好 👋  ");
        Assert.Equal(["[18:02] Jack: /help yourself", "[18:02] Jack: 你好 👋"], await tom.LinesAsync(2));
    }

    [Fact]
    public async Task Two_hundred_pasted_lines_arrive_in_order()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer reader = await hub.ComeAsync("Reader");
        await using TextPeer tom = await hub.ConnectAsync();
        string[] lines = [.. Enumerable.Range(1, 200).Select(i => $"line {i}")];

        await tom.TypeAsync(["Tom", "/join dev", "/join lobby", .. lines]);

        Assert.Equal("* Tom has come in.", await reader.LineAsync());
        Task<string[]> read = reader.MessagesAsync(lines.Length);
        await hub.PassTimeUntilAsync(read, TimeSpan.FromMilliseconds(10));
        Assert.Equal(lines.Select(line => $"Tom: {line}"), await read);
    }

    [Fact]
    public async Task Who_pastes_a_book_is_read_from_more_slowly_and_loses_nothing()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer reader = await hub.ComeAsync("Reader");
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await reader.LineAsync();
        string[] lines = [.. Enumerable.Range(1, 1000).Select(i => $"line {i}")];
        await tom.TypeAsync(lines);

        Task<string[]> read = reader.MessagesAsync(lines.Length);
        DateTimeOffset begun = hub.Clock.GetUtcNow();
        await hub.PassTimeUntilAsync(read, TimeSpan.FromMilliseconds(10));

        Assert.Equal(lines.Select(line => $"Tom: {line}"), await read);
        Assert.True(hub.Clock.GetUtcNow() - begun > TimeSpan.FromSeconds(30), "1,000 lines at 25 a second, but for the first 200");
    }

    [Fact]
    public async Task A_flood_from_one_address_is_refused_when_all_its_clients_together_say_too_much()
    {
        await using TextHub hub = await TextHub.StartAsync(limits: new() { PerOrigin = new(Burst: 20, PerSecond: 1) });
        await using TextPeer there = await hub.ComeAsync("There", TextHub.Unix);
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await using TextPeer jack = await hub.ComeAsync("Jack");
        await tom.TypeAsync([.. Enumerable.Range(1, 10).Select(i => $"line {i}")]);
        await tom.SettleAsync();
        await jack.TypeAsync([.. Enumerable.Range(1, 10).Select(i => $"line {i}")]);

        await jack.SaysAsync("! Too many messages in too short a time: this one was not taken. Wait a little.\r\n");
        await there.TypeAsync("another address");
        await tom.SaysAsync("There: another address\r\n");
    }

    [Theory]
    [InlineData("jion", "did you mean /join?")]
    [InlineData("wo", "did you mean /who?")]
    [InlineData("histroy", "did you mean /history?")]
    [InlineData("passwrd2", "did you mean /password?")]
    [InlineData("foo", "/help lists those there are.")]
    [InlineData("exit", "/help lists those there are.")]
    [InlineData("whoami", "/help lists those there are.")]
    [InlineData("x", "/help lists those there are.")]
    public void A_command_is_guessed_from_a_slip_of_the_finger_only(string typed, string advice) =>
        Assert.Equal($"! There is no command /{typed}: {advice}", PlainTexts.NoCommand(typed, PlainTexts.CommandNames));

    [Fact]
    public async Task Rooms_are_joined_listed_and_left()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await using TextPeer jack = await hub.ComeAsync("Jack");
        await jack.TypeAsync("/join dev", "/who", "in dev", "/leave", "in lobby", "/leave", "nowhere", "/leave", "/history");

        Assert.Equal(
            ["* You are in #dev. Only you are here.", "* Only you are in #dev.", "* You have left #dev. You are in #lobby now.",
                "* You have left #lobby. You are in no room now: /join one.", "! You are in no room: /join one first.", "! You are in no room: /join one first.",
                "! You are in no room: /join one first."],
            await jack.LinesAsync(7));
        Assert.Equal(["* Jack has come in.", "[18:02] Jack: in lobby", "* Jack has left."], await tom.LinesAsync(3));
        await jack.TypeAsync("/join DEV");
        Assert.Equal("* You are in #dev. Only you are here.", await jack.LineAsync());
    }

    [Fact]
    public async Task What_is_said_in_another_room_says_which()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await using TextPeer jack = await hub.ComeAsync("Jack");
        await jack.TypeAsync("/join dev");
        await jack.SaysAsync("Only you are here.\r\n");
        await tom.TypeAsync("in the lobby");
        Assert.Equal("#lobby [18:02] Tom: in the lobby", await jack.LineAsync());
        await jack.TypeAsync("/join lobby");
        Assert.Equal("* You are in #lobby. 2 people are here: Tom and you.", await jack.LineAsync());
        await tom.TypeAsync("here");
        Assert.Equal("[18:02] Tom: here", await jack.LineAsync());
    }

    [Fact]
    public async Task What_is_for_one_alone_only_that_one_reads_and_is_told_how_to_answer_once()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await using TextPeer jack = await hub.ComeAsync("Jack");
        await using TextPeer rose = await hub.ComeAsync("Rose");
        await jack.LineAsync();
        await tom.TypeAsync("/msg jack one", "/msg @Jack two", "/msg Nobody three", "/msg jack", "to all");

        Assert.Equal(
            ["[18:02] Tom to you alone: one", "* To answer: /msg Tom TEXT", "[18:02] Tom to you alone: two", "[18:02] Tom: to all"],
            await jack.LinesAsync(4));
        Assert.Equal("[18:02] Tom: to all", await rose.LineAsync());
        await tom.SaysAsync("* Rose has come in.\r\n");
        Assert.Equal(["! There is nobody of that name.", "! It is /msg NAME TEXT."], await tom.LinesAsync(2));
    }

    [Fact]
    public async Task Who_comes_back_reads_what_was_missed_and_what_was_for_them_alone()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer jack = await hub.ComeAsync("Jack", TextHub.Unix);
        await jack.TypeAsync("before");
        await jack.SettleAsync();
        await using (TextPeer tom = await hub.ComeAsync("Tom"))
        {
            await tom.SaysAsync("Jack: before\r\n");
            await tom.TypeAsync("I go", "quit");
            await tom.EndAsync();
        }

        await jack.SaysAsync("* Tom has left.\r\n");
        await jack.TypeAsync("one", "two", "/msg Tom alone");
        await jack.SettleAsync();

        await using TextPeer again = await hub.ConnectAsync();
        await again.TypeAsync("Tom");
        await again.SaysAsync("Welcome back, Tom.");
        await again.LineAsync();
        string[] lines = await again.LinesAsync(8);
        Assert.Equal("* You are in #lobby. 2 people are here: Jack and you.", lines[0]);
        Assert.Equal(
            ["[18:02] Jack to you alone: alone", "* To answer: /msg Jack TEXT",
                "[18:02] Jack: before", "[18:02] Tom: I go", "* New since you left:", "[18:02] Jack: one", "[18:02] Jack: two"],
            lines[1..].Order(Comparer<string>.Create((a, b) => IsDirect(b) - IsDirect(a))));
        Assert.DoesNotContain("Jack", await again.SettleAsync(), StringComparison.Ordinal);

        static int IsDirect(string line) => line.Contains("alone", StringComparison.Ordinal) || line.Contains("answer", StringComparison.Ordinal) ? 1 : 0;
    }

    [Fact]
    public async Task A_guest_of_another_host_who_takes_the_name_is_somebody_else()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer jack = await hub.ComeAsync("Jack");
        await using (TextPeer tom = await hub.ComeAsync("Tom"))
            await tom.TypeAsync("quit");
        await jack.SaysAsync("* Tom has left.\r\n");
        await jack.TypeAsync("/msg Tom a secret");
        await jack.SettleAsync();

        await using TextPeer other = await hub.ComeAsync("Tom", TextHub.Unix);
        Assert.DoesNotContain("secret", await other.SettleAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_changed_and_absence_is_told()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await using TextPeer jack = await hub.ComeAsync("Jack");
        await tom.LineAsync();
        await jack.TypeAsync("/name Jim", "/away", "/away", "/away with reason", "/back", "/name Tom", "/name", "/who *", "/password off", "said");

        Assert.Equal(
            ["* Jack is Jim now.", "* Jim is away.", "* Jim is back.", "* Jim is away: with reason.", "* Jim is back.", "[18:02] Jim: said"], await tom.LinesAsync(6));
        string mine = await jack.SettleAsync();
        Assert.Contains("* You are Jim now.\r\n* You are away; /back when you are back.\r\n* You are back.\r\n", mine, StringComparison.Ordinal);
        Assert.Contains("! Tom is here already: take another name.\r\n! It is /name NAME.\r\n", mine, StringComparison.Ordinal);
        Assert.Contains("* 2 people are on this hub: Tom and you.\r\n", mine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_without_a_name_can_do_anything_but_ask_for_help()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ConnectAsync(TextHub.Unix);
        await tom.SaysAsync("What is your name?\r\n");
        await tom.TypeAsync("/who", "/msg Jack hello", "/nme Tom", "", "with spaces", "/help");

        Assert.Equal(
            ["! First say who you are: type a name.", "! First say who you are: type a name.", "! There is no command /nme: did you mean /name?",
                "* What is your name?", "! A name has letters, digits and _ - . only, and no spaces."],
            await tom.LinesAsync(5));
        await tom.SaysAsync("//TEXT             say a line that begins with a slash\r\n");
        await tom.TypeAsync("quit");
        Assert.Equal("* Good-bye.\r\n", await tom.EndAsync());
    }

    [Fact]
    public async Task The_secret_that_the_hub_printed_makes_an_owner()
    {
        MemoryStore store = new();
        await using TextHub hub = await TextHub.StartAsync(store: store);
        OwnerInvitation invitation = OwnerInvitation.Create(hub.Clock.GetUtcNow());
        await store.AskAsync(invitation.ToRequest());
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await tom.TypeAsync("/owner", "/owner guessed", $"/owner {invitation.Secret}");

        Assert.Equal("! It is /owner SECRET, with the secret that the hub printed when it started.", await tom.LineAsync());
        Assert.StartsWith("! This link makes nobody the owner", await tom.LineAsync(), StringComparison.Ordinal);
        Assert.Equal("* This hub is yours now.", await tom.LineAsync());
    }

    [Fact]
    public async Task Nobodys_terminal_can_be_attacked()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await using TextPeer jack = await hub.ComeAsync("Jack");
        await tom.LineAsync();
        await jack.TypeAsync("a\u001b[2J\u001b]0;title\u0007b\u009b31mc\u0007\u202ed", "/away \u001b[31mred", "\u001b[A");

        Assert.Equal(["[18:02] Jack: abcd", "* Jack is away: red."], await tom.LinesAsync(2));
        await jack.SendAsync([.. "caf"u8, 0xe9, (byte)'\n']);
        Assert.Equal("[18:02] Jack: caf\ufffd", await tom.LineAsync());
        await jack.SaysAsync("! Some of that line is not UTF-8, and others see \ufffd there: set your terminal to UTF-8.\r\n");
    }
}
