using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests;

/// <summary>On a phone.</summary>
public sealed class PhoneTests(Chromium chromium) : PageTests(chromium)
{
    [Fact]
    public async Task The_list_and_a_conversation_take_turns()
    {
        Guest bo = await Hub.GuestAsync("Bo", "garden");
        Person ana = await EnterAsync("Ana", Screens.Phone());
        await ana.SayAsync("on my way " + new string('x', 200));
        await Expect(ana.Page.Locator("#side")).Not.ToBeVisibleAsync();

        await ana.Page.Locator("#back").ClickAsync();
        await Expect(ana.Page.Locator("#side")).ToBeVisibleAsync();
        await Expect(ana.Page.Locator("#talk")).Not.ToBeVisibleAsync();
        await ana.Page.Locator("#add-room").ClickAsync();
        await ana.Page.Locator("#finder-list li", new PageLocatorOptions { HasText = "garden" }).ClickAsync();
        await Expect(ana.Title).ToHaveTextAsync("#garden");
        await Expect(ana.Page.Locator("#side")).Not.ToBeVisibleAsync();
        await bo.TellAsync("Ana", "psst");
        await Expect(ana.Page.Locator("#back-count")).ToHaveTextAsync("1");

        // The phone's own way back.
        await ana.Page.GoBackAsync();
        await Expect(ana.Conversation("Bo").Locator(".count")).ToContainTextAsync("1");
        await ana.Conversation("Bo").ClickAsync();
        await Expect(ana.Saying("psst")).ToBeVisibleAsync();
        Assert.True(await ana.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "It is wider than the phone.");
        int small = await ana.Page.EvaluateAsync<int>("() => [...document.querySelectorAll('#app button')].filter(b => b.checkVisibility() && b.getBoundingClientRect().height < 40).length");
        Assert.Equal(0, small);
    }
}
