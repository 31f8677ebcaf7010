using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests;

/// <summary>Connections end, pages are loaded again, hubs are restarted: nothing is missed and nothing doubled.</summary>
public sealed class ReturnTests(Chromium chromium) : PageTests(chromium)
{
    [Fact]
    public async Task Who_comes_back_is_not_asked_again()
    {
        Person ana = await EnterAsync("Ana");
        await ana.SayAsync("one");
        await ana.Composer.FillAsync("half a thou");

        await ana.Page.ReloadAsync();
        await Expect(ana.Saying("one")).ToBeVisibleAsync();
        await Expect(ana.Composer).ToHaveValueAsync("half a thou");
        IPage second = await ana.SecondWindowAsync();
        await Expect(second.Locator("#me")).ToContainTextAsync("Ana");
        await Expect(second.Locator("#welcome")).Not.ToBeVisibleAsync();

        await ana.SayAsync("two");
        await Expect(second.Locator("#messages .message")).ToHaveCountAsync(2);

        // Whoever comes into a room, or leaves it, does so in all of their windows.
        await ana.JoinAsync("garden");
        await Expect(second.Locator("#rooms li")).ToHaveTextAsync(["#garden", "#lobby"]);
        await second.Locator("#rooms button", new PageLocatorOptions { HasText = "garden" }).ClickAsync();
        await ana.SayAsync("to myself");
        await Expect(second.Locator("#messages .message")).ToHaveCountAsync(1);
        await second.Locator("#leave").ClickAsync();
        await Expect(ana.Title).ToHaveTextAsync("#lobby");
    }

    [Fact]
    public async Task A_restart_of_the_hub_and_a_reload_lose_nothing_and_double_nothing()
    {
        Person ana = await EnterAsync("Ana");
        Person bo = await EnterAsync("Bo");
        await ana.SayAsync("1");
        await bo.SayAsync("2");
        await Expect(ana.Messages).ToHaveCountAsync(2);

        await Hub.StopAsync();
        await Expect(ana.Page.Locator("#offline")).ToBeVisibleAsync();
        await Expect(ana.Page.Locator("#link-state")).ToHaveTextAsync("Not connected");
        await ana.WriteAsync("3");
        await ana.WriteAsync("4");
        await Expect(ana.Page.Locator("#offline")).ToContainTextAsync("2 messages wait here and will be sent.");
        await Expect(ana.Pending).ToHaveCountAsync(2);
        await Hub.OpenAsync();

        await Expect(bo.Saying("4")).ToBeVisibleAsync();
        await Expect(ana.Pending).ToHaveCountAsync(0);
        await Expect(ana.Page.Locator("#offline")).Not.ToBeVisibleAsync();
        await bo.Page.ReloadAsync();
        await Expect(bo.Composer).ToBeFocusedAsync();
        await bo.SayAsync("5");
        await Expect(ana.Saying("5")).ToBeVisibleAsync();

        string[] all = ["1", "2", "3", "4", "5"];
        Assert.Equal(all, await ana.TextsAsync());
        await Expect(bo.Messages).ToHaveCountAsync(all.Length);
        Assert.Equal(all, await bo.TextsAsync());
    }

    [Fact]
    public async Task What_is_said_while_a_page_is_away_is_there_when_it_comes_back()
    {
        Person ana = await OpenAsync();
        bool isLetThrough = true;
        IWebSocketRoute? line = null;
        await ana.Page.RouteWebSocketAsync("**/ws", socket =>
        {
            if (!isLetThrough)
            {
                _ = socket.CloseAsync();
                return;
            }

            line = socket;
            socket.ConnectToServer();
        });
        await ana.GoAsync();
        await ana.NameAsync("Ana");
        await ana.SayAsync("before");

        isLetThrough = false;
        await line!.CloseAsync();
        await Expect(ana.Page.Locator("#offline")).ToBeVisibleAsync();
        Guest bo = await Hub.GuestAsync("Bo");
        for (int i = 1; i <= 240; i++)
            await bo.SayAsync("lobby", $"{i}");
        isLetThrough = true;

        await Expect(ana.Messages).ToHaveCountAsync(241);
        Assert.Equal(["before", .. Enumerable.Range(1, 240).Select(i => $"{i}")], await ana.TextsAsync());
    }

    [Fact]
    public async Task A_message_whose_receipt_was_lost_is_not_said_twice()
    {
        Person ana = await OpenAsync();
        Person bo = await EnterAsync("Bo");
        int lost = 0;
        await ana.Page.RouteWebSocketAsync("**/ws", socket =>
        {
            IWebSocketRoute server = socket.ConnectToServer();
            server.OnMessage(message =>
            {
                if (message.Text!.Contains("\"type\":\"accepted\"", StringComparison.Ordinal) && Interlocked.Exchange(ref lost, 1) == 0)
                {
                    _ = socket.CloseAsync();
                    _ = server.CloseAsync();
                    return;
                }

                socket.Send(message.Text!);
            });
        });
        await ana.GoAsync();
        await ana.NameAsync("Ana");

        await ana.SayAsync("once");
        await ana.SayAsync("and again");
        await Expect(bo.Saying("and again")).ToBeVisibleAsync();

        Assert.Equal(1, lost);
        Assert.Equal(["once", "and again"], await ana.TextsAsync());
        Assert.Equal(["once", "and again"], await bo.TextsAsync());
    }

    [Fact]
    public async Task What_was_written_without_a_hub_outlives_a_reload()
    {
        Person ana = await EnterAsync("Ana");
        await ana.SayAsync("first");
        await Hub.StopAsync();
        await Expect(ana.Page.Locator("#offline")).ToBeVisibleAsync();
        await ana.WriteAsync("second");
        await Expect(ana.Pending).ToHaveCountAsync(1);

        // Gone before the hub is back; then opened again.
        await ana.Page.GotoAsync("about:blank");
        await Hub.OpenAsync();
        await ana.Page.GoBackAsync();

        await Expect(ana.Kept).ToHaveCountAsync(2);
        Assert.Equal(["first", "second"], await ana.TextsAsync());
    }
}
