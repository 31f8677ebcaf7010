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

    private static ILocator Events(Person person) => person.Page.Locator("#wire-diagram .event");
}
