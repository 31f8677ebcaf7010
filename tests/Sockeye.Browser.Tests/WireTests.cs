using System.IO.Pipelines;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests;

/// <summary>The wire: one's own connections, as they are.</summary>
public sealed class WireTests(Chromium chromium) : PageTests(chromium)
{
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
        await Expect(ana.Page.Locator("#wire-chosen code")).ToContainTextAsync("across the wire");
        Assert.Empty(await Axe.ViolationsAsync(ana.Page, "wire"));
        await ana.Page.SetViewportSizeAsync(390, 780);
        Assert.Empty(await Axe.ViolationsAsync(ana.Page, "wire on a phone"));
        Assert.True(await ana.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "It is wider than the phone.");
        await ana.ShotAsync($"10-wire-phone-{colors}");
        await ana.Page.SetViewportSizeAsync(1280, 800);
        await ana.ShotAsync($"10-wire-desk-{colors}");

        await ana.Page.Keyboard.PressAsync("Escape");
        await Expect(ana.Page.Locator("#wire-chosen")).ToBeHiddenAsync();
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
        ILocator taken = ana.Page.Locator("#wire-diagram .event.taken");
        await Expect(taken).ToHaveCountAsync(2);
        await Expect(taken.Filter(new LocatorFilterOptions { HasText = "not shown" })).ToHaveCountAsync(2);
        await Expect(ana.Page.Locator("#wire-diagram .event.up.data")).ToHaveTextAsync([new Regex("40 B")]);
        await taken.First.ClickAsync();
        await Expect(ana.Page.Locator("#wire-chosen")).ToContainTextAsync("taken as one: 28 B, not shown");
        await Expect(ana.Page.Locator("body")).Not.ToContainTextAsync("salmon");

        await ana.Page.Locator("#wire-pause").ClickAsync();
        await telnet.DisposeAsync();
        await Expect(ana.Page.Locator("#wire-pause")).ToHaveTextAsync(new Regex(@"^Go on \(\d+ new\)$"));
        await Expect(Events(ana).Filter(new LocatorFilterOptions { HasText = "FIN" })).ToHaveCountAsync(0);
        await ana.Page.Locator("#wire-pause").ClickAsync();
        await Expect(ana.Page.Locator("#wire-diagram .event.up.ended")).ToHaveCountAsync(1);
        await Expect(ana.Page.Locator("#wire-diagram .event.closed")).ToHaveCountAsync(1);
        await ana.Page.Locator("#wire-show").SelectOptionAsync("up");
        await Expect(ana.Page.Locator("#diagram")).ToHaveAttributeAsync("data-rows", "3");
        await ana.ShotAsync("10-wire-owner-desk");
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

    private static ILocator Events(Person person) => person.Page.Locator("#wire-diagram .event");
}
