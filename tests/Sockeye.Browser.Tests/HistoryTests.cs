using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests;

/// <summary>What was said before.</summary>
public sealed class HistoryTests(Chromium chromium) : PageTests(chromium)
{
    private const int Count = 320;

    [Fact]
    public async Task Older_messages_come_on_scrolling_up_and_what_is_looked_at_stays_in_its_place()
    {
        Person ana = await EnterAsync("Ana");
        await Expect(ana.Messages).ToHaveCountAsync(100);

        // Moves up and measures in one go: nothing can have come from the hub between the two.
        int number = await ana.Page.EvaluateAsync<int>("""
            () => {
              const list = document.getElementById("messages");
              list.scrollTop = 50;
              const first = [...list.querySelectorAll(".message")].find(m => m.getBoundingClientRect().bottom > list.getBoundingClientRect().top);
              window.looked = { number: first.dataset.number, top: first.getBoundingClientRect().top };
              return Number(first.dataset.number);
            }
            """);
        await Expect(ana.Messages).Not.ToHaveCountAsync(100);
        double moved = await ana.Page.EvaluateAsync<double>("() => Math.abs(document.querySelector(`[data-number=\"${window.looked.number}\"]`).getBoundingClientRect().top - window.looked.top)");

        Assert.InRange(number, 221, 230);
        Assert.InRange(moved, 0, 1.5);

        while (await ana.Page.Locator("#messages .beginning").CountAsync() == 0)
        {
            int before = await ana.Messages.CountAsync();
            await ana.Page.EvaluateAsync("() => { document.getElementById('messages').scrollTop = 0; }");
            await Expect(ana.Page.Locator($"#messages .beginning, #messages .message:nth-of-type({before + 1})").First).ToBeAttachedAsync();
        }

        await Expect(ana.Messages).ToHaveCountAsync(Count);
        Assert.Equal(Enumerable.Range(1, Count).Select(i => $"message {i}"), await ana.TextsAsync());
        await Expect(ana.Page.Locator("#messages .day")).ToHaveCountAsync(4);
    }

    [Fact]
    public async Task Who_reads_what_was_is_not_torn_away_and_finds_back()
    {
        Person ana = await EnterAsync("Ana");
        Guest bo = await Hub.GuestAsync("Bo");
        await ana.Page.EvaluateAsync("() => { const list = document.getElementById('messages'); list.scrollTop = list.scrollHeight / 2; }");
        await Expect(ana.Page.Locator("#to-latest")).ToHaveTextAsync("Latest messages ↓");
        double before = await ana.Page.EvaluateAsync<double>("() => document.querySelector('.message[data-number=\"270\"]').getBoundingClientRect().top");

        await bo.SayAsync("lobby", "news");
        await Expect(ana.Page.Locator("#to-latest")).ToHaveTextAsync("1 new message ↓");
        double after = await ana.Page.EvaluateAsync<double>("() => document.querySelector('.message[data-number=\"270\"]').getBoundingClientRect().top");
        Assert.InRange(Math.Abs(after - before), 0, 1.5);

        await ana.Page.Locator("#to-latest").ClickAsync();
        await Expect(ana.Page.Locator("#to-latest")).Not.ToBeVisibleAsync();
        await Expect(ana.Saying("news")).ToBeInViewportAsync();
    }

    private protected override async Task<RunningHub> StartAsync()
    {
        History history = new();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        for (int i = 1; i <= Count; i++)
            await history.SaidAsync("lobby", i % 3 == 0 ? "Bo" : "Cy", now.AddDays(-4 + ((i - 1) / 80)), $"message {i}");
        return await RunningHub.StartAsync(history.Store);
    }
}
