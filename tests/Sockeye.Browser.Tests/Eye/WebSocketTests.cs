using System.Text;
using Microsoft.Playwright;
using Sockeye.Eye.Recording;
using Sockeye.Interop.Tests.Peers;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests.Eye;

/// <summary>A browser talks to a hub by WebSocket, and the eye sees what it says: all but the password.</summary>
public sealed class WebSocketTests(Chromium chromium) : EyeTests(chromium)
{
    private const string Password = "korrekt-horse-7";
    private readonly Chromium _chromium = chromium;

    [Fact]
    public async Task What_a_browser_says_by_WebSocket_is_seen_and_found_and_its_password_is_not()
    {
        await using RunningHub hub = await RunningHub.StartAsync();
        Uri address = new(hub.Address);
        Eye.RelayAll(Address.Parse($"tcp://{address.Authority}"));
        await using IBrowserContext first = await ComeInAsync();
        IPage bo = first.Pages[0];
        await Expect(bo.Locator("#title")).ToHaveTextAsync("#lobby");
        await bo.Locator("#me").ClickAsync();
        await bo.Locator("#profile-password").FillAsync(Password);
        await bo.Locator("#profile-password-button").ClickAsync();
        await Expect(bo.Locator("#profile-said")).ToHaveTextAsync("A password keeps your name now.");
        await using IBrowserContext second = await ComeInAsync();
        IPage other = second.Pages[0];
        await other.Locator("#password").FillAsync(Password);
        await other.Locator("#come-in").ClickAsync();
        await Expect(other.Locator("#title")).ToHaveTextAsync("#lobby");
        await other.Locator("#text").FillAsync("a salmon in the river");
        await other.Locator("#text").PressAsync("Enter");
        await Expect(other.Locator("#messages .node.kept")).ToHaveCountAsync(1);

        Viewer ana = await OpenAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1440, Height = 1200 } });
        ILocator sockets = ana.Rows.Filter(new LocatorFilterOptions { HasText = "WebSocket" });
        await Expect(sockets).ToHaveCountAsync(2);

        // The newest stands first.
        await sockets.First.Locator("button").ClickAsync();
        await SearchAsync(ana, Password);
        await Expect(ana.Page.Locator("#search-said")).ToHaveTextAsync("nowhere");
        await SearchAsync(ana, "\"say\"");
        await Expect(ana.Page.Locator("#search-said")).ToContainTextAsync("in 1 event;");
        await Expect(ana.Panel).ToContainTextAsync("a salmon in the river");
        await Expect(ana.Page.Locator("#detail-title")).ToContainTextAsync("client to server");
        await Expect(ana.Page.Locator("#detail-facts")).ToContainTextAsync("shown without the WebSocket's mask");
        await ana.ShotAsync("eye-13-websocket-desk");
        await SearchAsync(ana, "\"password\":\"***************\"");
        await Expect(ana.Page.Locator("#search-said")).ToContainTextAsync("in 1 event;");
        await Expect(ana.Page.Locator("#detail-facts")).ToContainTextAsync("15 masked");
        await AssertNoPasswordAsync();
    }

    /// <summary>In nothing that is kept, as it is shown or as it was on the wire; and what is kept decodes to frames, for those who did not write them.</summary>
    private async Task AssertNoPasswordAsync()
    {
        foreach (EyeRecording recording in Eye.Recorder.Memory.RecordAll())
        {
            string said = string.Concat(recording.Events.Select(happened => Encoding.Latin1.GetString(happened.Data)));
            Assert.DoesNotContain(Password, said, StringComparison.Ordinal);
        }

        using ScratchFolder folder = new();
        string file = folder.PathOf("all.pcapng");
        using HttpClient http = new() { BaseAddress = new Uri(Eye.Page.Address) };
        await File.WriteAllBytesAsync(file, await http.GetByteArrayAsync("/api/pcapng", TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        string port = Eye.Door.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await using Peer tshark = Peer.Start(Programs.Find("tshark"), ["-r", file, "-d", $"tcp.port=={port},http", "-Y", "websocket", "-V"]);
        Assert.Equal(0, await tshark.EndAsync());
        Assert.Contains("a salmon in the river", tshark.Output, StringComparison.Ordinal);
        Assert.Contains("\"password\":\"***************\"", tshark.Output.Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, tshark.Output, StringComparison.Ordinal);
    }

    private static async Task SearchAsync(Viewer viewer, string text)
    {
        await viewer.Page.Locator("#search").FillAsync(text);
        await viewer.Page.Locator("#search").PressAsync("Enter");
    }

    /// <summary>A browser of its own, that comes to the hub through the relay and says its name.</summary>
    private async Task<IBrowserContext> ComeInAsync()
    {
        IBrowserContext context = await _chromium.Browser.NewContextAsync();
        context.SetDefaultTimeout((float)Hang.Limit.TotalMilliseconds);
        IPage page = await context.NewPageAsync();
        await page.GotoAsync($"http://{Eye.Door.Address.ToString().Split("://")[1]}/");
        await page.Locator("#name").FillAsync("Bo");
        await page.Locator("#come-in").ClickAsync();
        return context;
    }
}
