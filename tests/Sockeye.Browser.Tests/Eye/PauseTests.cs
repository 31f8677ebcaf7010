using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests.Eye;

/// <summary>The diagram stands still when it is told to, and filters what it shows.</summary>
public sealed class PauseTests(Chromium chromium) : EyeTests(chromium)
{
    [Fact]
    public async Task What_comes_in_a_pause_is_counted_and_shown_afterwards()
    {
        (Connection client, Connection server) = await Eye.ConnectAsync();
        await RunningEye.SayAsync(client, server, "before\n");
        Viewer ana = await OpenAsync();
        await ana.LookAtAsync(1);
        await Expect(ana.Diagram).ToHaveAttributeAsync("data-rows", "4");
        await ana.Page.Keyboard.PressAsync("p");
        await RunningEye.SayAsync(client, server, "meanwhile\n");
        await RunningEye.SayAsync(server, client, "answer\n");
        await Expect(ana.Page.Locator("#pause")).ToHaveTextAsync("Go on (4 new)");
        await Expect(ana.Diagram).ToHaveAttributeAsync("data-rows", "4");
        await ana.Page.Locator("#pause").ClickAsync();
        await Expect(ana.Diagram).ToHaveAttributeAsync("data-rows", "6");

        await ana.Page.Locator("#show").SelectOptionAsync("down");
        await Expect(ana.Diagram).ToHaveAttributeAsync("data-rows", "1");
        await ana.Page.Locator("#show").SelectOptionAsync("data");
        await Expect(ana.Diagram).ToHaveAttributeAsync("data-rows", "3");
        await ana.Page.Locator("#show").SelectOptionAsync("all");
        await Expect(ana.Page.Locator(".event.repeat")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task It_comes_back_to_the_same_conversation_after_a_reload()
    {
        await Eye.ConnectAsync();
        (Connection client, Connection server) = await Eye.ConnectAsync();
        await RunningEye.SayAsync(client, server, "the second\n");
        Viewer ana = await OpenAsync();
        await ana.LookAtAsync(2);
        await Expect(ana.Events.Filter(new LocatorFilterOptions { HasText = "the second" })).ToHaveCountAsync(1);
        await ana.Page.ReloadAsync();
        await Expect(ana.Events.Filter(new LocatorFilterOptions { HasText = "the second" })).ToHaveCountAsync(1);
    }
}
