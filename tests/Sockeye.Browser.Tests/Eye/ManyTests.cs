using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests.Eye;

/// <summary>Many connections at once.</summary>
public sealed class ManyTests(Chromium chromium) : EyeTests(chromium)
{
    [Fact]
    public async Task Five_hundred_connections_are_listed_filtered_and_opened()
    {
        const int Count = 500;
        List<Connection> open = [];
        await using MemoryNetwork network = new();
        using IDisposable observing = network.Observe(Eye.Recorder);
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:7000");
        for (int i = 0; i < Count; i++)
        {
            Connection client = await network.ConnectAsync(listener.Address);
            Connection server = (await listener.AcceptAsync())!;
            open.AddRange([client, server]);
            await RunningEye.SayAsync(client, server, $"I am {i}\n");
            if (i % 100 == 99)
                client.Abort();
        }

        Viewer ana = await OpenAsync();
        await Expect(ana.Rows).ToHaveCountAsync(Count);
        await Expect(ana.Page.Locator("#list-count")).ToHaveTextAsync("500 connections");
        await Expect(ana.Page.Locator("#rows tr.reset")).ToHaveCountAsync(5);
        await ana.ShotAsync("eye-9-many-desk");
        await ana.Page.Keyboard.PressAsync("/");
        await Expect(ana.Page.Locator("#list-filter")).ToBeFocusedAsync();
        await ana.Page.Keyboard.TypeAsync("reset");
        await Expect(ana.Rows).ToHaveCountAsync(5);
        await Expect(ana.Page.Locator("#list-count")).ToHaveTextAsync("5 of 500 connections");
        await ana.LookAtAsync(300);
        await Expect(ana.Events.Filter(new LocatorFilterOptions { HasText = "I am 299" })).ToHaveCountAsync(1);
        await ana.Page.Locator("#list-filter").FillAsync("");
        Assert.Empty(await Axe.ViolationsAsync(ana.Page, "500 connections"));

        foreach (Connection connection in open)
            connection.Abort();
        foreach (Connection connection in open)
            await connection.DisposeAsync();
    }
}
