using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests;

/// <summary>Two people talk.</summary>
public sealed class TalkTests(Chromium chromium) : PageTests(chromium)
{
    [Fact]
    public async Task What_one_says_the_other_reads()
    {
        Person ana = await EnterAsync("Ana");
        Person bo = await EnterAsync("Bo");

        await ana.SayAsync("hello");
        await Expect(bo.Saying("hello")).ToBeVisibleAsync();
        await bo.SayAsync("你好");
        await Expect(ana.Saying("你好")).ToBeVisibleAsync();
        await ana.Composer.FillAsync("two");
        await ana.Composer.PressAsync("Shift+Enter");
        await ana.Composer.PressSequentiallyAsync("lines");
        await ana.Composer.PressAsync("Enter");

        await Expect(bo.Messages.Last).ToContainTextAsync("two\nlines");
        await Expect(bo.Page.Locator("#messages .day").First).ToContainTextAsync("day");
        Assert.Equal(await ana.TextsAsync(), await bo.TextsAsync());
    }

    [Fact]
    public async Task Markup_is_text_and_only_web_addresses_are_links()
    {
        const string Markup = "<img src=x onerror=alert(1)><script>alert(2)</script> &lt; <b>b</b>";
        Person ana = await EnterAsync("Ana");
        Person bo = await EnterAsync("Bo");

        await ana.SayAsync(Markup);
        await ana.SayAsync("see https://example.org/a?b=c, or javascript:alert(3)");
        await Expect(bo.Messages).ToHaveCountAsync(2);

        Assert.Equal(Markup, (await bo.TextsAsync())[0]);
        ILocator links = bo.Page.Locator("#messages a");
        await Expect(links).ToHaveCountAsync(1);
        await Expect(links).ToHaveAttributeAsync("href", "https://example.org/a?b=c");
        await Expect(bo.Page.Locator("#messages img, #messages script, #messages b:not(.author)")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Unread_messages_are_counted_until_they_are_seen()
    {
        Person ana = await EnterAsync("Ana");
        Guest bo = await Hub.GuestAsync("Bo", "garden");
        await ana.JoinAsync("garden");
        await ana.Conversation("lobby").ClickAsync();
        await Expect(ana.Title).ToHaveTextAsync("#lobby");

        for (int i = 1; i <= 3; i++)
            await bo.SayAsync("garden", $"rose {i}");
        await Expect(ana.Conversation("garden").Locator(".count")).ToContainTextAsync("3");
        await Expect(ana.Page).ToHaveTitleAsync("(3) #lobby · Sockeye");
        await ana.Page.ReloadAsync();
        await Expect(ana.Conversation("garden").Locator(".count")).ToContainTextAsync("3");

        await ana.Conversation("garden").ClickAsync();
        await Expect(ana.Saying("rose 3")).ToBeVisibleAsync();
        await Expect(ana.Page.Locator("#messages .new + .message")).ToContainTextAsync("rose 1");
        await Expect(ana.Conversation("garden").Locator(".count")).ToHaveCountAsync(0);

        // What was seen is so at the hub too, before the page asks again.
        await ana.SayAsync("lovely");
        await ana.Page.ReloadAsync();
        await Expect(ana.Conversation("lobby")).ToBeVisibleAsync();
        await Expect(ana.Page.Locator("#side .count")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Two_talk_alone()
    {
        Person ana = await EnterAsync("Ana");
        Person bo = await EnterAsync("Bo");
        Person cy = await EnterAsync("Cy");

        await ana.Page.Locator("#people button", new PageLocatorOptions { HasText = "Bo" }).ClickAsync();
        await Expect(ana.Title).ToHaveTextAsync("Bo");
        await ana.SayAsync("only for you");
        await Expect(bo.Conversation("Ana").Locator(".count")).ToContainTextAsync("1");
        await bo.Conversation("Ana").ClickAsync();
        await Expect(bo.Saying("only for you")).ToBeVisibleAsync();
        await bo.Composer.PressSequentiallyAsync("y");
        await Expect(ana.Page.Locator("#typing")).ToHaveTextAsync("Bo is writing…");
        await bo.WriteAsync("/msg Ana and for you");

        await Expect(ana.Saying("and for you")).ToBeVisibleAsync();
        await Expect(cy.Page.Locator("#directs li")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Whom_one_talks_with_is_seen_to_be_here_without_a_common_room()
    {
        Person ana = await EnterAsync("Ana");
        Person bo = await EnterAsync("Bo");
        await ana.WriteAsync("/msg Bo only for you");
        await ana.Conversation("lobby").ClickAsync();
        await ana.WriteAsync("/leave");
        await Expect(ana.Conversation("lobby")).ToHaveCountAsync(0);

        ILocator dot = ana.Conversation("Bo").Locator(".dot");
        await Expect(dot).ToHaveClassAsync("dot here");
        await bo.WriteAsync("/away tea");
        await Expect(dot).ToHaveClassAsync("dot away");
        await bo.Page.CloseAsync();
        await Expect(dot).ToHaveClassAsync("dot gone");
        await ana.Page.ReloadAsync();
        await Expect(dot).ToHaveClassAsync("dot gone");
    }

    [Fact]
    public async Task What_is_read_in_one_window_is_read_in_the_other()
    {
        Person ana = await EnterAsync("Ana");
        Person bo = await EnterAsync("Bo");
        await ana.JoinAsync("garden");
        IPage second = await ana.SecondWindowAsync();
        await second.Locator("#rooms button", new PageLocatorOptions { HasText = "garden" }).ClickAsync();
        await bo.SayAsync("rose");
        ILocator count = second.Locator("#rooms button", new PageLocatorOptions { HasText = "lobby" }).Locator(".count");
        await Expect(count).ToContainTextAsync("1");
        await Expect(ana.Conversation("lobby").Locator(".count")).ToContainTextAsync("1");

        await ana.Page.BringToFrontAsync();
        await ana.Conversation("lobby").ClickAsync();

        await Expect(ana.Conversation("lobby").Locator(".count")).ToHaveCountAsync(0);
        await Expect(count).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Who_writes_and_who_is_away_is_seen()
    {
        Person ana = await EnterAsync("Ana");
        Person bo = await EnterAsync("Bo");

        await bo.Composer.PressSequentiallyAsync("h");
        await Expect(ana.Page.Locator("#typing")).ToHaveTextAsync("Bo is writing…");
        await bo.WriteAsync("hi");
        await Expect(ana.Page.Locator("#typing")).ToHaveTextAsync("");

        await bo.Page.Locator("#me").ClickAsync();
        await bo.Page.Locator("#profile-away").FillAsync("tea");
        await bo.Page.Locator("#profile-away-button").ClickAsync();
        await Expect(bo.Page.Locator("#profile-away-button")).ToHaveTextAsync("I am back");
        await bo.Page.Keyboard.PressAsync("Escape");
        await Expect(bo.Page.Locator("#me")).ToContainTextAsync("Away: tea");
        await Expect(ana.Page.Locator("#people li", new PageLocatorOptions { HasText = "Bo" })).ToContainTextAsync("away: tea");
        await bo.WriteAsync("/back");
        await Expect(bo.Page.Locator("#me")).ToContainTextAsync("Here");
        await Expect(ana.Page.Locator("#people .away")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Rooms_are_made_left_and_found_again()
    {
        Person ana = await EnterAsync("Ana");
        await ana.JoinAsync("workshop");
        await Expect(ana.Page.Locator("#messages .beginning")).ToContainTextAsync("Nothing has been said in #workshop yet.");
        await ana.Page.Locator("#leave").ClickAsync();
        await Expect(ana.Title).ToHaveTextAsync("#lobby");
        await ana.Page.Locator("#notices button").ClickAsync();
        await Expect(ana.Title).ToHaveTextAsync("#workshop");
        await ana.WriteAsync("/leave");
        await Expect(ana.Conversation("workshop")).ToHaveCountAsync(0);

        Person bo = await EnterAsync("Bo");
        await bo.Page.Locator("#find").ClickAsync();
        await Expect(bo.Page.Locator("#finder-list li", new PageLocatorOptions { HasText = "workshop" })).ToContainTextAsync("nobody there now");
        await bo.Page.Locator("#finder-list li", new PageLocatorOptions { HasText = "workshop" }).ClickAsync();
        await Expect(bo.Title).ToHaveTextAsync("#workshop");
    }

    [Fact]
    public async Task Refusals_stand_where_they_belong()
    {
        Person ana = await EnterAsync("Ana");

        await ana.Page.Locator("#add-room").ClickAsync();
        await ana.Page.Locator("#finder-field").FillAsync("no such: name");
        await ana.Page.Locator("#finder-field").PressAsync("Enter");
        await Expect(ana.Page.Locator("#finder-problem")).ToContainTextAsync("A name has");
        await ana.Page.Keyboard.PressAsync("Escape");
        await ana.Page.Locator("#add-direct").ClickAsync();
        await ana.Page.Locator("#finder-field").FillAsync("nobody");
        await ana.Page.Locator("#finder-field").PressAsync("Enter");
        await Expect(ana.Page.Locator("#finder-problem")).ToContainTextAsync("nobody of that name");
        await ana.Page.Keyboard.PressAsync("Escape");

        await ana.WriteAsync("/dance");
        await Expect(ana.Page.Locator("#composer-problem")).ToContainTextAsync("There is no /dance.");
        await ana.Composer.FillAsync(new string('x', 4001));
        await Expect(ana.Page.Locator("#composer-problem")).ToHaveTextAsync("1 byte too long: say it in parts.");
        await Expect(ana.Page.Locator("#send")).ToBeDisabledAsync();
        await ana.WriteAsync("//slash");
        await Expect(ana.Saying("/slash")).ToBeVisibleAsync();
        await Expect(ana.Messages).ToHaveCountAsync(1);
    }
}
