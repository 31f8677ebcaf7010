using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests;

/// <summary>The tick.</summary>
public sealed class ReceiptTests(Chromium chromium) : PageTests(chromium)
{
    private readonly HeldStore _store = new();

    [Fact]
    public async Task A_message_has_its_tick_when_it_is_kept_and_not_before()
    {
        Person ana = await EnterAsync("Ana");
        Person bo = await EnterAsync("Bo");

        await ana.WriteAsync("is it kept?");
        await _store.WaitsAsync();
        await Expect(ana.Pending).ToContainTextAsync("is it kept?");
        await Expect(ana.Pending.GetByLabel("On its way")).ToBeVisibleAsync();
        await Expect(ana.Kept).ToHaveCountAsync(0);
        await Expect(bo.Messages).ToHaveCountAsync(0);
        _store.Release();

        await Expect(ana.Kept).ToHaveCountAsync(1);
        await Expect(ana.Pending).ToHaveCountAsync(0);
        await Expect(bo.Saying("is it kept?")).ToBeVisibleAsync();
    }

    private protected override Task<RunningHub> StartAsync() => RunningHub.StartAsync(_store);
}
