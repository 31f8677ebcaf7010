using System.Text;
using Microsoft.Playwright;
using Sockeye.Tests.Observing;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests.Eye;

/// <summary>Pictures of the eye's page for people to look at: <c>artifacts/screenshots</c>; axe-core finds nothing wrong in them, and nothing is wider than the screen.</summary>
public sealed class EyeScreenshotTests(Chromium chromium) : EyeTests(chromium)
{
    private static readonly (string Name, int Width, int Height)[] Sizes = [("phone", 390, 780), ("desk", 1440, 900)];

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task The_page_wide_and_narrow_in_light_and_dark()
    {
        List<string> found = [];
        Viewer ana = await OpenAsync(new BrowserNewContextOptions { ReducedMotion = ReducedMotion.Reduce });
        await Expect(ana.Page.Locator("#list-empty")).ToBeVisibleAsync();
        found.AddRange(await ShootAsync(ana, "1-empty"));
        await ConverseAsync();
        await Expect(ana.Rows).ToHaveCountAsync(9);
        await Expect(ana.Page.Locator("#rows tr.closed")).ToHaveCountAsync(5);
        found.AddRange(await ShootAsync(ana, "2-list"));

        await ana.LookAtAsync(2);
        await Expect(ana.Diagram).ToHaveAttributeAsync("data-rows", "19");
        await ana.Diagram.FocusAsync();
        await ana.Page.Keyboard.PressAsync("Home");
        await ana.Page.Keyboard.PressAsync("Escape");
        found.AddRange(await ShootAsync(ana, "3-diagram"));
        await ana.ChooseAsync("HTTP/1.1 200 OK");
        await Expect(ana.Panel).ToContainTextAsync("Content-Type");
        found.AddRange(await ShootAsync(ana, "4-text"));
        await ana.Page.Locator("#tab-hex").ClickAsync();
        await Expect(ana.Panel).ToContainTextAsync("00000");
        found.AddRange(await ShootAsync(ana, "5-hex"));
        await ana.Page.Locator("#tab-frames").ClickAsync();
        await Expect(ana.Panel.Locator("li")).Not.ToHaveCountAsync(0);
        found.AddRange(await ShootAsync(ana, "6-frames"));
        await ana.Page.Locator("#tab-cuts").ClickAsync();
        await Expect(ana.Panel.Locator("rect")).Not.ToHaveCountAsync(0);
        await ana.Page.Locator("#show-plots").ClickAsync();
        await Expect(ana.Page.Locator("#plots canvas")).ToHaveCountAsync(3);
        found.AddRange(await ShootAsync(ana, "7-cuts-and-plots"));
        Tools.AcceptPicture("eye-7-cuts-and-plots-desk-light", "eye-light");

        Assert.Empty(found);
    }

    private protected override Task<RunningEye> StartAsync() => RunningEye.StartAsync(clock: _clock);

    /// <summary>What a morning of a small service looks like.</summary>
    private async Task ConverseAsync()
    {
        (Connection health, Connection answering) = await Eye.ConnectAsync();
        await SayAsync(health, answering, "GET /health HTTP/1.1\r\nHost: shop\r\n\r\n", 12);
        await SayAsync(answering, health, "HTTP/1.1 204 No Content\r\n\r\n", 1);
        await RunningEye.EndAsync(health, answering);

        (Connection client, Connection server) = await Eye.ConnectAsync();
        await SayAsync(client, server, "POST /login HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: 42\r\n\r\n", 3);
        await SayAsync(client, server, "{\"user\":\"magnus\",\"password\":\"correct horse\"}", 2);
        await SayAsync(server, client, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: session=5f3a9c\r\nContent-Length: 27\r\n\r\n{\"name\":\"Magnus\",\"cart\":3}\n", 41);
        await SayAsync(client, server, "GET /orders?page=1 HTTP/1.1\r\nHost: shop\r\nCookie: session=5f3a9c\r\n\r\n", 320);
        await SayAsync(server, client, "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n", 8);
        for (int i = 0; i < 4; i++)
            await SayAsync(server, client, $"1{i}\r\n2026-11-{10 + i},salmon,{i + 2},kg\r\n\r\n", 6 + i);
        await SayAsync(client, server, [0x16, 0x03, 0x01, 0x00, 0x9f, 0xff, 0x00, 0x12, 0x80, 0x91, 0xa2], 4_200);
        await SayAsync(server, client, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", 1);
        await server.Output.CompleteAsync();
        await RunningEye.EndAsync(client, server);

        for (int i = 0; i < 3; i++)
        {
            (Connection other, Connection target) = await Eye.ConnectAsync();
            for (int j = 0; j <= i; j++)
                await SayAsync(other, target, new byte[20_000 * (j + 1)], 900);
            await SayAsync(target, other, "+OK\r\n", 2);
            await RunningEye.EndAsync(other, target);
        }

        (Connection cut, Connection cutter) = await Eye.ConnectAsync();
        await SayAsync(cut, cutter, "*1\r\n$4\r\nPING\r\n", 20);
        cutter.Abort();
        await Expect(await RowAsync(6)).ToContainTextAsync("reset");
        for (int i = 0; i < 3; i++)
        {
            (Connection open, Connection target) = await Eye.ConnectAsync();
            await SayAsync(open, target, "*1\r\n$4\r\nPING\r\n", 700);
            await SayAsync(target, open, "+PONG\r\n", 1);
            if (i == 1)
                await open.Output.CompleteAsync();
        }

        await Eye.Recorder.FlushAsync();
    }

    private async Task<ILocator> RowAsync(int number)
    {
        Viewer viewer = await OpenAsync();
        return viewer.Page.Locator($"#rows tr[data-id=\"{number}\"]");
    }

    private Task SayAsync(Connection from, Connection to, string what, int after) => SayAsync(from, to, Encoding.UTF8.GetBytes(what), after);

    private async Task SayAsync(Connection from, Connection to, byte[] what, int after)
    {
        await Eye.Recorder.FlushAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(after));
        await RunningEye.SayAsync(from, to, what);
        _clock.Advance(TimeSpan.FromMicroseconds(180));
    }

    private static async Task<string[]> ShootAsync(Viewer viewer, string state)
    {
        List<string> found = [];
        foreach ((string name, int width, int height) in Sizes)
        {
            await viewer.Page.SetViewportSizeAsync(width, height);
            foreach (ColorScheme colors in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await viewer.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = colors, ReducedMotion = ReducedMotion.Reduce });
                string picture = $"eye-{state}-{name}-{(colors == ColorScheme.Light ? "light" : "dark")}";
                await viewer.ShotAsync(picture);
                found.AddRange(await Axe.ViolationsAsync(viewer.Page, picture));
            }

            Assert.True(await viewer.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{state} is wider than a {name}.");
        }

        await viewer.Page.SetViewportSizeAsync(1440, 900);
        return [.. found];
    }
}
