using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests;

/// <summary>Without a mouse.</summary>
public sealed class KeyboardTests(Chromium chromium) : PageTests(chromium)
{
    [Fact]
    public async Task Everything_is_reached_by_keys()
    {
        Guest bo = await Hub.GuestAsync("Bo");
        Person ana = await OpenAsync();
        await ana.GoAsync();
        await Expect(ana.Page.Locator("#name")).ToBeFocusedAsync();
        IKeyboard keys = ana.Page.Keyboard;

        await keys.TypeAsync("Ana");
        await keys.PressAsync("Enter");
        await Expect(ana.Composer).ToBeFocusedAsync();
        await keys.TypeAsync("hello");
        await keys.PressAsync("Enter");
        await Expect(ana.Kept).ToHaveCountAsync(1);

        await keys.PressAsync("Control+k");
        await Expect(ana.Page.Locator("#finder-field")).ToBeFocusedAsync();
        await keys.TypeAsync("quay");
        await keys.PressAsync("Enter");
        await Expect(ana.Title).ToHaveTextAsync("#quay");
        await Expect(ana.Composer).ToBeFocusedAsync();
        await keys.PressAsync("Alt+ArrowUp");
        await Expect(ana.Title).ToHaveTextAsync("#lobby");

        await keys.PressAsync("Control+k");
        await Expect(ana.Page.Locator("#finder-list li", new PageLocatorOptions { HasText = "Bo" })).ToHaveCountAsync(1);
        await keys.TypeAsync("bo");
        await Expect(ana.Page.Locator("#finder-list li[aria-selected=true]")).ToContainTextAsync("Bo");
        await keys.PressAsync("Enter");
        await Expect(ana.Title).ToHaveTextAsync("Bo");
        Task heard = bo.HeardAsync("psst");
        await keys.TypeAsync("psst");
        await keys.PressAsync("Enter");
        await heard;

        // Back from the composer: what was said, then the head of the conversation; Enter works on all of it.
        await keys.PressAsync("Alt+ArrowDown");
        await Expect(ana.Title).ToHaveTextAsync("#lobby");
        await keys.PressAsync("Shift+Tab");
        await Expect(ana.Page.Locator("#messages")).ToBeFocusedAsync();
        await keys.PressAsync("Shift+Tab");
        await Expect(ana.Page.Locator("#leave")).ToBeFocusedAsync();
        await keys.PressAsync("Shift+Tab");
        await Expect(ana.Page.Locator("#show-people")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(ana.Page.Locator("#people-pane")).Not.ToBeVisibleAsync();
        await keys.PressAsync("Escape");
        await Expect(ana.Composer).ToBeFocusedAsync();
    }

    [Fact]
    public async Task What_has_the_focus_can_be_seen()
    {
        Person ana = await EnterAsync("Ana");
        string[] plain = await ana.Page.EvaluateAsync<string[]>("""
            async () => {
              const without = [];
              for (const element of document.querySelectorAll("#app button, #app [tabindex], #app textarea")) {
                if (!element.checkVisibility() || element.disabled) continue;
                element.focus({ focusVisible: true });
                const style = getComputedStyle(element), box = getComputedStyle(element.parentElement);
                if (style.outlineStyle === "none" && box.boxShadow === "none") without.push(element.id || element.outerHTML);
              }
              return without;
            }
            """);

        Assert.Empty(plain);
    }
}
