using System.IO.Pipelines;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests;

/// <summary>The wire: one's own connections, as they are.</summary>
public sealed class WireTests(Chromium chromium) : PageTests(chromium)
{
    private const string Password = "korrekt-horse-7";

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task One_sees_what_crosses_one_s_own_connection(ColorScheme colors)
    {
        await EnterAsync("Bo");
        Person ana = await EnterAsync("Ana", Screens.Wide(colors: colors));
        IPage second = await ana.SecondWindowAsync();
        await Expect(second.Locator("#title")).ToHaveTextAsync("#lobby");

        await ana.Page.Locator("#open-wire").ClickAsync();
        await Expect(ana.Page.Locator("#wire-rows tr")).ToHaveCountAsync(2);
        await Expect(ana.Page.Locator("#wire-rows")).Not.ToContainTextAsync("Bo");
        await ana.Page.Locator("#wire-rows tr:not(:has-text(\"this page\")) button").ClickAsync();
        await Expect(ana.Page.Locator("#wire-rows tr.is-watched")).ToHaveCountAsync(1);
        await Expect(Watched(ana)).ToHaveCountAsync(1);
        await second.Locator("#text").FillAsync("across the wire");
        await second.Locator("#text").PressAsync("Enter");
        ILocator taken = Events(ana).Filter(new LocatorFilterOptions { HasText = "taken as one" }).Filter(new LocatorFilterOptions { HasText = "across the wire" });
        await Expect(taken).ToHaveCountAsync(1);
        await taken.ClickAsync();
        await Expect(ana.Page.Locator("#panel")).ToContainTextAsync("across the wire");
        Assert.Empty(await Axe.ViolationsAsync(ana.Page, "wire"));
        await ana.Page.SetViewportSizeAsync(390, 780);
        Assert.Empty(await Axe.ViolationsAsync(ana.Page, "wire on a phone"));
        Assert.True(await ana.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "It is wider than the phone.");
        await ana.ShotAsync($"10-wire-phone-{colors}");
        await ana.Page.SetViewportSizeAsync(1280, 800);
        await ana.ShotAsync($"10-wire-desk-{colors}");

        await ana.Page.Keyboard.PressAsync("Escape");
        await Expect(ana.Page.Locator("#detail")).ToBeHiddenAsync();
        await ana.Page.Keyboard.PressAsync("Escape");
        await Expect(ana.Composer).ToBeFocusedAsync();
        await Expect(ana.Saying("across the wire")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_owner_sees_that_others_talk_and_not_what()
    {
        Person ana = await OpenAsync();
        await ana.GoAsync("/" + new Uri(Hub.OwnerLink!).Fragment);
        await ana.NameAsync("Ana");
        await Expect(ana.Page.Locator("#me")).ToContainTextAsync("Owner of this hub");
        await using Connection telnet = await Network.Host.ConnectAsync(Hub.Door("tcp"));
        await SayAsync(telnet, "Bo\r\n/join garden\r\n", until: "* You are in #garden");
        await ana.Page.Locator("#open-wire").ClickAsync();
        await ana.Page.Locator("#wire-rows button", new PageLocatorOptions { HasText = "Bo" }).ClickAsync();
        await Expect(ana.Page.Locator("#wire-live-title")).ToContainTextAsync("It is not yours");
        await Expect(Watched(ana)).ToHaveCountAsync(1);

        // Two lines in one write: one arrow, and what was made of it.
        await SayAsync(telnet, "a salmon only for the garden\r\nand more\r\n");
        ILocator taken = ana.Page.Locator("#diagram-frame .event.taken");
        await Expect(taken).ToHaveCountAsync(2);
        await Expect(taken.Filter(new LocatorFilterOptions { HasText = "not shown" })).ToHaveCountAsync(2);
        await Expect(ana.Page.Locator("#diagram-frame .event.up.data")).ToHaveTextAsync([new Regex("40 B")]);
        await taken.First.ClickAsync();
        await Expect(ana.Page.Locator("#detail-title")).ToHaveTextAsync("taken as one: 28 B");
        await Expect(ana.Page.Locator("#detail-facts")).ToContainTextAsync("not shown");
        await Expect(ana.Page.Locator("#panel")).ToContainTextAsync("is not shown");
        await Expect(ana.Page.Locator("body")).Not.ToContainTextAsync("salmon");

        await ana.Page.Locator("#pause").ClickAsync();
        await telnet.DisposeAsync();
        await Expect(ana.Page.Locator("#pause")).ToHaveTextAsync(new Regex(@"^Go on \(\d+ new\)$"));
        await Expect(Events(ana).Filter(new LocatorFilterOptions { HasText = "FIN" })).ToHaveCountAsync(0);
        await ana.Page.Locator("#pause").ClickAsync();
        await Expect(ana.Page.Locator("#diagram-frame .event.up.ended")).ToHaveCountAsync(1);
        await Expect(ana.Page.Locator("#diagram-frame .event.closed")).ToHaveCountAsync(1);
        await ana.Page.Locator("#show").SelectOptionAsync("up");
        await Expect(ana.Page.Locator("#diagram")).ToHaveAttributeAsync("data-rows", "3");
        await ana.ShotAsync("10-wire-owner-desk");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task What_was_shown_can_be_searched_saved_and_plotted(ColorScheme colors)
    {
        Person ana = await EnterAsync("Ana", Screens.Wide(colors: colors));
        await KeepNameAsync(ana, Password);
        await using Connection telnet = await Network.Host.ConnectAsync(Hub.Door("tcp"));
        await SayAsync(telnet, $"Ana\r\n{Password}\r\n", until: "#lobby");
        await ana.Page.Locator("#open-wire").ClickAsync();
        ILocator row = ana.Page.Locator("#wire-rows tr").Filter(new LocatorFilterOptions { HasText = "text" });
        await Expect(row.Locator(".state")).ToHaveTextAsync("open");
        await row.Locator("button").ClickAsync();
        await Expect(Watched(ana)).ToHaveCountAsync(1);
        await SayAsync(telnet, $"/password {Password}2\r\na salmon in the river\r\n/rooms\r\n", until: "#lobby");
        await Expect(Events(ana).Filter(new LocatorFilterOptions { HasText = "/rooms" })).ToHaveCountAsync(1);

        await SearchAsync(ana, "SALMON in the");
        await Expect(ana.Page.Locator("#search-said")).ToContainTextAsync("in 1 event;");
        await Expect(ana.Page.Locator("#panel mark")).ToHaveTextAsync("salmon in the");
        await Expect(ana.Page.Locator("#detail-title")).ToHaveTextAsync("taken as one: 21 B");
        await ana.Page.Locator("#tab-hex").ClickAsync();
        await Expect(ana.Page.Locator("#panel")).ToContainTextAsync("61 20 73 61 6c 6d 6f 6e");
        await ana.Page.Locator("#tab-frames").ClickAsync();
        await Expect(ana.Page.Locator("#panel .frames li")).ToHaveCountAsync(1);
        await Expect(ana.Page.Locator("#panel .frames li")).ToContainTextAsync("a salmon in the river");
        await ana.Page.Locator("#tab-text").ClickAsync();
        await SearchAsync(ana, Password);
        await Expect(ana.Page.Locator("#search-said")).ToHaveTextAsync("nowhere");

        await ana.Page.Locator("#show-plots").ClickAsync();
        await Expect(ana.Page.Locator("#plots canvas")).ToHaveCountAsync(3);
        await Expect(ana.Page.Locator("#plots figure").Nth(1)).ToHaveAttributeAsync("aria-label", new Regex(@"Round trip over time; last: client [\d.]+ (µs|ms)"));
        Assert.Empty(await Axe.ViolationsAsync(ana.Page, "wire with plots"));
        await ana.ShotAsync($"10-wire-plots-desk-{colors}");
        await ana.Page.SetViewportSizeAsync(390, 780);
        Assert.True(await ana.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "It is wider than the phone.");
        Assert.Empty(await Axe.ViolationsAsync(ana.Page, "wire with plots on a phone"));
        await ana.ShotAsync($"10-wire-plots-phone-{colors}");
        await ana.Page.SetViewportSizeAsync(1280, 800);

        IDownload download = await ana.Page.RunAndWaitForDownloadAsync(() => ana.Page.Locator("#download").ClickAsync());
        Assert.Matches(@"^sockeye-hub-\d+\.pcapng$", download.SuggestedFilename);
        await using FileStream file = File.OpenRead((await download.PathAsync())!);
        string saved = await ReadAsync(file);
        Assert.Contains("a salmon in the river\n", saved, StringComparison.Ordinal);
        Assert.Contains("/password ••••\n", saved, StringComparison.Ordinal);
        Assert.Contains("#lobby", saved, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, saved, StringComparison.Ordinal);

        // Who has left is known for as long as one looks.
        telnet.Abort();
        await Expect(row.Locator(".state")).ToHaveTextAsync("reset");
        await SearchAsync(ana, "0x236c6f626279");
        await Expect(ana.Page.Locator("#search-said")).ToHaveTextAsync(new Regex(@"^in \d+ events?; "));
        await Expect(ana.Page.Locator("#detail-title")).ToContainTextAsync("server to client");
        await Expect(ana.Page.Locator("#panel")).ToContainTextAsync("#lobby");
        await ana.Page.Keyboard.PressAsync("Escape");
        await Expect(ana.Page.Locator("#detail")).ToBeHiddenAsync();
        await ana.Page.Keyboard.PressAsync("/");
        await Expect(ana.Page.Locator("#search")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Inside_of_TLS_stands_what_is_said_and_outside_what_is_on_the_wire()
    {
        Person ana = await EnterAsync("Ana");
        string[] shown = await ana.Page.EvaluateAsync<string[]>("""
            async () => {
                const { WireLog } = await import("/wire-log.js");
                const log = new WireLog({ id: "1", door: "text", from: "127.0.0.1:1", layer: "TLS 1.3", seconds: 2 });
                log.hear({ seconds: 2.5, events: [], notShown: 0 });
                const kinds = ["handshaken", "received", "decrypted", "frame", "encrypting", "sent", "halfClosedByPeer", "aborted", "somethingNew"];
                log.hear({ events: kinds.map((kind, i) => ({ at: 3 + i, kind, bytes: 5, text: kind === "frame" ? '"a \\"b\\"\\n"' : undefined })), notShown: 7, gone: true });
                return log.events.all.map(e => [e.index, e.at, e.kind, e.fromClient ? "up" : "down", e.said ?? e.text ?? ""].join(" ").trim());
            }
            """);

        Assert.Equal(
            [
                "0 0 opened up", "1 2500 watched up", "2 3000 handshaken up TLS", "3 4000 encrypted up", "4 5000 data up", "5 6000 taken up a \"b\"\\n", "6 7000 data down",
                "7 8000 encrypted down", "8 9000 ended up", "9 10000 reset down", "10 11000 lost up somethingNew", "11 11000 lost up 7 events not shown", "12 11000 finished up",
            ],
            shown);
    }

    private protected override Task<RunningHub> StartAsync() => RunningHub.StartWithAllDoorsAsync();

    private static async Task SearchAsync(Person person, string text)
    {
        await person.Page.Locator("#search").FillAsync(text);
        await person.Page.Locator("#search").PressAsync("Enter");
    }

    private static async Task KeepNameAsync(Person person, string password)
    {
        await person.Page.Locator("#me").ClickAsync();
        await person.Page.Locator("#profile-password").FillAsync(password);
        await person.Page.Locator("#profile-password-button").ClickAsync();
        await Expect(person.Page.Locator("#profile-said")).ToHaveTextAsync("A password keeps your name now.");
        await person.Page.Locator("#profile-close").ClickAsync();
    }

    /// <summary>All packets of a capture as text.</summary>
    private static async Task<string> ReadAsync(Stream file)
    {
        StringBuilder all = new();
        await foreach (PcapPacket packet in PcapReader.ReadAsync(PipeReader.Create(file)))
            all.Append(Encoding.UTF8.GetString(packet.Bytes.Span));
        return all.ToString();
    }

    private static async Task SayAsync(Connection connection, string text, string? until = null)
    {
        await connection.Output.WriteAsync(Encoding.UTF8.GetBytes(text));
        for (string heard = ""; until is not null && !heard.Contains(until, StringComparison.Ordinal);)
        {
            ReadResult read = await connection.Input.ReadAsync().AsTask().WaitAsync(Hang.Limit);
            heard += Encoding.UTF8.GetString(read.Buffer);
            connection.Input.AdvanceTo(read.Buffer.End);
            Assert.False(read.IsCompleted, heard);
        }
    }

    /// <summary>Shown when the hub has said that it watches.</summary>
    private static ILocator Watched(Person person) => Events(person).Filter(new LocatorFilterOptions { HasText = "watched from here on" });

    private static ILocator Events(Person person) => person.Page.Locator("#diagram-frame .event");
}
