using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests;

/// <summary>axe-core finds nothing wrong, in light and dark.</summary>
public sealed class AccessTests(Chromium chromium) : PageTests(chromium)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task On_a_wide_screen(ColorScheme colors)
    {
        Guest bo = await Hub.GuestAsync("Bo", "garden");
        Person ana = await OpenAsync(Screens.Wide(colors: colors));
        List<string> found = [];
        await ana.GoAsync();
        await ana.NameAsync("a b");
        await Expect(ana.Page.Locator("#name-problem")).Not.ToBeEmptyAsync();
        found.AddRange(await Axe.ViolationsAsync(ana.Page, "name form"));
        await ana.NameAsync("Ana");
        await Expect(ana.Title).ToHaveTextAsync("#lobby");
        found.AddRange(await Axe.ViolationsAsync(ana.Page, "empty room"));

        await ana.JoinAsync("garden");
        await ana.SayAsync("hello, see https://example.org/");
        await bo.SayAsync("garden", "good morning");
        await bo.SayAsync("lobby", "anybody?");
        await bo.TellAsync("Ana", "psst");
        await bo.AwayAsync("tea");
        await Expect(ana.Conversation("Bo").Locator(".count")).ToBeVisibleAsync();
        await Expect(ana.Page.Locator("#people .away")).ToBeVisibleAsync();
        await bo.TypeAsync("garden");
        found.AddRange(await Axe.ViolationsAsync(ana.Page, "conversation"));
        await ana.Page.Locator("#find").ClickAsync();
        await Expect(ana.Page.Locator("#finder-list li")).Not.ToHaveCountAsync(0);
        found.AddRange(await Axe.ViolationsAsync(ana.Page, "finder"));
        await ana.Page.Keyboard.PressAsync("Escape");
        await ana.Page.Locator("#me").ClickAsync();
        found.AddRange(await Axe.ViolationsAsync(ana.Page, "profile"));
        await ana.Page.Keyboard.PressAsync("Escape");
        await ana.WriteAsync("/dance");
        await Hub.StopAsync();
        await Expect(ana.Page.Locator("#offline")).ToBeVisibleAsync();
        await ana.WriteAsync("will it be sent?");
        await Expect(ana.Pending).ToBeVisibleAsync();
        found.AddRange(await Axe.ViolationsAsync(ana.Page, "without a hub"));

        Assert.Empty(found);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task On_a_phone(ColorScheme colors)
    {
        Guest bo = await Hub.GuestAsync("Bo");
        Person ana = await EnterAsync("Ana", Screens.Phone(colors));
        List<string> found = [];
        await bo.SayAsync("lobby", "good morning");
        await Expect(ana.Saying("good morning")).ToBeVisibleAsync();
        found.AddRange(await Axe.ViolationsAsync(ana.Page, "conversation"));
        await ana.Page.Locator("#show-people").ClickAsync();
        await Expect(ana.Page.Locator("#people li")).ToHaveCountAsync(2);
        found.AddRange(await Axe.ViolationsAsync(ana.Page, "people"));
        await ana.Page.Locator("#close-people").ClickAsync();
        await ana.Page.Locator("#back").ClickAsync();
        found.AddRange(await Axe.ViolationsAsync(ana.Page, "list"));

        Assert.Empty(found);
    }
}
