using Microsoft.Playwright;
using Sockeye.Hub.Gateways.Plain;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests;

/// <summary>What is typed with a slash: the same words as on the hub's other doors.</summary>
public sealed class CommandTests(Chromium chromium) : PageTests(chromium)
{
    [Fact]
    public async Task Every_command_of_the_plain_doors_is_one_of_the_page_and_in_its_help()
    {
        Person ana = await EnterAsync("Ana");
        await ana.WriteAsync("/help");
        await Expect(ana.Page.Locator("#composer-problem")).ToContainTextAsync("/join ROOM");
        string help = await ana.Page.Locator("#composer-problem").InnerTextAsync();

        Assert.All(PlainTexts.CommandNames.Where(name => name != "help"), name => Assert.Contains($"/{name}", help, StringComparison.Ordinal));
        string[] unknown = await ana.Page.EvaluateAsync<string[]>(
            """
            async names => {
              const { meaningOf } = await import("/commands.js");
              return names.filter(name => meaningOf(`/${name}`, "lobby", false).problem?.startsWith("There is no"));
            }
            """,
            PlainTexts.CommandNames);
        Assert.Empty(unknown);
    }

    [Fact]
    public async Task Who_and_which_rooms_there_are_is_shown()
    {
        Person ana = await EnterAsync("Ana");
        await ana.Page.Locator("#show-people").ClickAsync();
        await Expect(ana.Page.Locator("#people-pane")).Not.ToBeVisibleAsync();

        await ana.WriteAsync("/who");
        await Expect(ana.Page.Locator("#people-pane")).ToBeVisibleAsync();
        await ana.WriteAsync("/rooms");
        await Expect(ana.Page.Locator("#finder-title")).ToHaveTextAsync("Join or make a room");
        await ana.Page.Keyboard.PressAsync("Escape");
        await ana.WriteAsync("/who *");
        await Expect(ana.Page.Locator("#finder-title")).ToHaveTextAsync("Write to somebody");
        await ana.Page.Keyboard.PressAsync("Escape");
        await Expect(ana.Messages).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Away_alone_again_is_back_and_a_password_is_asked_for_where_nobody_reads_it()
    {
        Person ana = await EnterAsync("Ana");
        await ana.WriteAsync("/away tea");
        await Expect(ana.Page.Locator("#me")).ToContainTextAsync("Away: tea");
        await ana.WriteAsync("/away");
        await Expect(ana.Page.Locator("#me")).ToContainTextAsync("Here");

        await ana.WriteAsync("/password correct horse");
        await Expect(ana.Page.Locator("#composer-problem")).ToContainTextAsync("/password alone asks for it");
        await ana.WriteAsync("/password");
        await Expect(ana.Page.Locator("#profile-password")).ToBeVisibleAsync();
        await ana.Page.Keyboard.PressAsync("Escape");
        await Expect(ana.Messages).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task History_goes_back_in_what_was_said()
    {
        Guest bo = await Hub.GuestAsync("Bo");
        for (int i = 1; i <= 60; i++)
            await bo.SayAsync("lobby", $"number {i}");
        Person ana = await EnterAsync("Ana");
        await Expect(ana.Saying("number 60")).ToBeInViewportAsync();

        await ana.WriteAsync("/history");

        await Expect(ana.Page.Locator("#to-latest")).ToBeVisibleAsync();
        await Expect(ana.Saying("number 60")).Not.ToBeInViewportAsync();
    }

    [Fact]
    public async Task Who_quits_is_gone_until_coming_back_and_misses_nothing()
    {
        Guest bo = await Hub.GuestAsync("Bo");
        Person ana = await EnterAsync("Ana");
        Person eva = await EnterAsync("Eva");
        await Expect(eva.Page.Locator("#people li", new PageLocatorOptions { HasText = "Ana" })).ToHaveCountAsync(1);

        await ana.WriteAsync("/quit");

        await Expect(ana.Page.Locator("#offline-text")).ToHaveTextAsync("You have left.");
        await Expect(eva.Page.Locator("#people li", new PageLocatorOptions { HasText = "Ana" })).ToHaveCountAsync(0);
        await bo.SayAsync("lobby", "while you were out");

        // What brings a lost connection back does not bring back who went.
        await ana.Page.EvaluateAsync("() => dispatchEvent(new Event('online'))");
        await Expect(ana.Page.Locator("#link-state")).ToHaveTextAsync("Not connected");
        await ana.Page.Locator("#try-now").ClickAsync();
        await Expect(ana.Saying("while you were out")).ToBeVisibleAsync();
        await Expect(ana.Page.Locator("#offline")).Not.ToBeVisibleAsync();
        await Expect(eva.Page.Locator("#people li", new PageLocatorOptions { HasText = "Ana" })).ToHaveCountAsync(1);
    }

    [Theory]
    [InlineData(780, 440)]
    [InlineData(390, 500)]
    public async Task A_notice_never_lies_over_what_is_being_written(int width, int height)
    {
        Person ana = await EnterAsync("Ana", new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = height } });
        await ana.WriteAsync("/join workshop");
        await Expect(ana.Title).ToHaveTextAsync("#workshop");
        await ana.Page.Locator("#leave").ClickAsync();
        await ana.Composer.FillAsync("one\ntwo\nthree\nfour\nfive");
        await Expect(ana.Page.Locator("#notices p")).ToBeVisibleAsync();
        await ana.ShotAsync($"notice-{width}x{height}");

        LocatorBoundingBoxResult notice = (await ana.Page.Locator("#notices p").BoundingBoxAsync())!;
        LocatorBoundingBoxResult box = (await ana.Page.Locator(".box").BoundingBoxAsync())!;
        Assert.True(notice.Y + notice.Height <= box.Y || notice.Y >= box.Y + box.Height, $"The notice is at {notice.Y} to {notice.Y + notice.Height}, the composer at {box.Y}.");
    }
}
