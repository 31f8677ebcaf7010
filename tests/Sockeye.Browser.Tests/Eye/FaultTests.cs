using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests.Eye;

/// <summary>Faults are set from the page, while it runs.</summary>
public sealed class FaultTests(Chromium chromium) : EyeTests(chromium)
{
    [Fact]
    public async Task A_plan_is_set_refused_and_taken_back_and_cuts_are_seen()
    {
        (Connection client, Connection server) = await Eye.ConnectAsync();
        Viewer ana = await OpenAsync();
        await ana.Page.Locator("#show-faults").ClickAsync();
        await Expect(ana.Page.Locator("#fault-plan")).ToBeFocusedAsync();
        await ana.Page.Locator("#fault-plan").FillAsync("slice=nothing");
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Page.Locator("#fault-said.problem")).ToContainTextAsync("slice");
        await ana.Page.Locator("#fault-plan").FillAsync("slice=2");
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Page.Locator("#fault-said")).ToContainTextAsync("Now: slice=2");
        Assert.Equal("slice=2", Eye.Faults.Plan.ToString());
        Assert.Empty(await Axe.ViolationsAsync(ana.Page, "faults"));

        await RunningEye.SayAsync(client, server, "abcdef\n");
        await ana.LookAtAsync(1);
        await Expect(ana.Page.Locator(".event.up.data .chip.cut")).ToHaveTextAsync("passed on in 4 pieces");
        await Expect(ana.Page.Locator(".event.up.data .arrow i")).ToHaveCountAsync(3);
        await ana.ChooseAsync("abcdef");
        await ana.Page.Locator("#tab-cuts").ClickAsync();
        await Expect(ana.Panel.Locator("dd").Last).ToHaveTextAsync("2 + 2 + 2 + 1");
        await ana.ShotAsync("eye-8-cut-desk");

        await ana.Page.Locator("#back").ClickAsync();
        await ana.Page.Locator("#fault-none").ClickAsync();
        await Expect(ana.Page.Locator("#fault-said")).ToContainTextAsync("Nothing goes wrong now.");
        Assert.Equal(FaultPlan.None, Eye.Faults.Plan);
    }
}
