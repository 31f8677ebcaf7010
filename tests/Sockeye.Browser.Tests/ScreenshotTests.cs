using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests;

/// <summary>
/// Takes pictures of the page as people have it, for people to look at: <c>artifacts/screenshots</c>. What it asserts itself is that nothing is wider than the screen.
/// </summary>
public sealed class ScreenshotTests(Chromium chromium) : PageTests(chromium)
{
    private static readonly (string Name, int Width, int Height)[] Sizes = [("phone", 390, 780), ("tablet", 820, 1100), ("desk", 1280, 826)];

    private static readonly string[] Visitors = ["beatrice", "Γιώργος", "Ольга", "ngozi", "pádraig", "sven", "zoë", "mira", "kofi", "ravi", "Wolfeschlegelsteinhausen"];

    [Fact]
    public async Task The_page_at_three_widths_in_light_and_dark()
    {
        Guest ana = await Hub.GuestAsync("ana_garcía", "design", "release-2.4", "ops");
        Guest tom = await Hub.GuestAsync("tom", "design", "release-2.4", "ops");
        Guest li = await Hub.GuestAsync("李明", "design", "很长的房间名字");
        Guest yuki = await Hub.GuestAsync("雪子", "design");
        await Hub.GuestAsync("عمر", "design");
        foreach (string visitor in Visitors)
            await Hub.GuestAsync(visitor, "design");
        await yuki.AwayAsync("lunch, back at two");

        Person person = await OpenAsync(new BrowserNewContextOptions { ReducedMotion = ReducedMotion.Reduce });
        await person.GoAsync();
        await Expect(person.Page.Locator("#name")).ToBeFocusedAsync();
        await ShootAsync(person, "1-door");
        await person.NameAsync("magnus");
        foreach (string room in new[] { "ops", "release-2.4", "很长的房间名字", "atlas", "a-room-with-a-long-name", "design" })
            await person.JoinAsync(room);

        await person.SayAsync("Both, I think. I can take the first one: it is two days of work at most.");
        await person.SayAsync("And thank you for the graphs.");
        await ana.SayAsync("design", "Lovely. 🙏 I wrote it down.");
        await li.TellAsync("magnus", "有空吗？想请你看一下文档");
        await ana.TellAsync("magnus", "ping me when you are back");
        for (int i = 1; i <= 12; i++)
            await tom.SayAsync("release-2.4", $"checked {i} of 12");
        await ana.SayAsync("ops", "all clear");
        await Expect(person.Conversation("ops").Locator(".count")).ToContainTextAsync("1");
        await Expect(person.Conversation("ana_garcía").Locator(".count")).ToContainTextAsync("1");
        await ShootAsync(person, "2-room");

        await person.Page.Locator("#find").ClickAsync();
        await Expect(person.Page.Locator("#finder-list li", new PageLocatorOptions { HasText = "tom" })).ToHaveCountAsync(1);
        await ShootAsync(person, "3-finder");
        await person.Page.Keyboard.PressAsync("Escape");
        await person.Page.Locator("#me").ClickAsync();
        await ShootAsync(person, "4-profile");
        await person.Page.Keyboard.PressAsync("Escape");

        await person.Conversation("release-2.4").ClickAsync();
        await Expect(person.Page.Locator("#messages .new")).ToBeVisibleAsync();
        await ShootAsync(person, "5-unread");
        await person.JoinAsync("quiet-corner");
        await ShootAsync(person, "6-empty");
        await person.Composer.FillAsync(string.Concat(Enumerable.Repeat("This is going to be long. ", 160)));
        await Expect(person.Page.Locator("#composer-problem")).ToContainTextAsync("too long");
        await ShootAsync(person, "7-refused");
        await person.Composer.FillAsync("");
        await person.Conversation("design").ClickAsync();
        await Expect(person.Title).ToHaveTextAsync("#design");
        await Hub.StopAsync();
        await Expect(person.Page.Locator("#offline")).ToBeVisibleAsync();
        await person.WriteAsync("Is it only me?");
        await Expect(person.Pending).ToBeVisibleAsync();
        await ShootAsync(person, "8-without-a-hub");
        await person.Page.SetViewportSizeAsync(390, 780);
        await person.Page.Locator("#back").ClickAsync();
        await ShootAsync(person, "9-list", "phone");
    }

    private protected override async Task<RunningHub> StartAsync()
    {
        History history = new();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        DateTimeOffset yesterday = now.AddDays(-1);
        await history.SaidAsync("design", "ana_garcía", yesterday, "Does anybody object to shipping the new relay tonight?");
        await history.SaidAsync("design", "tom", yesterday.AddMinutes(2), "Ship it.");
        await history.SaidAsync("design", "ana_garcía", now.AddMinutes(-58), "Good morning! The new relay went out last night, and nobody noticed. That is the best kind of release.");
        await history.SaidAsync("design", "tom", now.AddMinutes(-55), "I noticed: the 99th percentile went from 41 ms to 6 ms on the Singapore leg");
        await history.SaidAsync("design", "tom", now.AddMinutes(-54), "https://graphs.example/d/relay-latency?from=now-24h&to=now&var-region=ap-southeast-1&var-percentile=99");
        await history.SaidAsync("design", "李明", now.AddMinutes(-41), "太好了！我今天下午把文档更新一下，顺便把中文说明也补上。");
        await history.SaidAsync("design", "雪子", now.AddMinutes(-40), "お疲れさまです。テストは全部通りました 🎉");
        await history.SaidAsync("design", "عمر", now.AddMinutes(-38), "صباح الخير، سأراجع التغييرات اليوم");
        await history.SaidAsync("design", "李明", now.AddMinutes(-37), "🐟🐟🐟");
        await history.SaidAsync(
            "design", "ana_garcía", now.AddMinutes(-20),
            "One thing that still bothers me:\n  1. a client that half-closes keeps its slot until the idle timeout\n  2. the drain deadline counts from the first client, not from the signal\nShould both go into this milestone?");
        await history.SaidAsync("design", "Wolfeschlegelsteinhausen", now.AddMinutes(-12), "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft!");
        await history.SaidAsync("design", "tom", now.AddMinutes(-3), "2 yes, it is a bug. 1 I would rather <b>measure</b> first.");
        return await RunningHub.StartAsync(history.Store);
    }

    private static async Task ShootAsync(Person person, string state, string? only = null)
    {
        PageViewportSizeResult before = person.Page.ViewportSize!;
        foreach ((string name, int width, int height) in Sizes)
        {
            if (only is not null && name != only)
                continue;
            await person.Page.SetViewportSizeAsync(width, height);
            foreach (ColorScheme colors in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await person.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = colors, ReducedMotion = ReducedMotion.Reduce });
                await person.ShotAsync($"{state}-{name}-{(colors == ColorScheme.Light ? "light" : "dark")}");
            }

            Assert.True(await person.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{state} is wider than a {name}.");
        }

        await person.Page.SetViewportSizeAsync(before.Width, before.Height);
    }
}
