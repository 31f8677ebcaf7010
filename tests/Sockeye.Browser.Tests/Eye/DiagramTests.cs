using System.IO.Pipelines;
using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests.Eye;

/// <summary>One conversation as a sequence diagram, while it happens.</summary>
public sealed class DiagramTests(Chromium chromium) : EyeTests(chromium)
{
    [Fact]
    public async Task A_conversation_shows_while_it_happens_from_connect_to_close()
    {
        Viewer ana = await OpenAsync();
        await Expect(ana.Page.Locator("#link-text")).ToHaveTextAsync("live");
        await Expect(ana.Page.Locator("#list-empty")).ToBeVisibleAsync();
        (Connection client, Connection server) = await Eye.ConnectAsync();
        await Expect(ana.Rows).ToHaveCountAsync(1);
        await ana.LookAtAsync(1);
        await Expect(ana.Events.Filter(new LocatorFilterOptions { HasText = "connected in" })).ToHaveCountAsync(1);

        await RunningEye.SayAsync(client, server, "GET /fish HTTP/1.1\r\nAuthorization: Bearer abcdef\r\n\r\n");
        await Expect(ana.Events.Filter(new LocatorFilterOptions { HasText = "GET /fish" })).ToHaveCountAsync(1);
        await RunningEye.SayAsync(server, client, "HTTP/1.1 200 OK\r\n\r\n");
        await Expect(ana.Page.Locator(".event.down.data")).ToContainTextAsync("200 OK");
        await ana.ChooseAsync("GET /fish");
        await Expect(ana.Panel).ToContainTextAsync("GET /fish HTTP/1.1↵");
        await Expect(ana.Panel).ToContainTextAsync("Authorization:**************↵");
        await Expect(ana.Page.Locator("body")).Not.ToContainTextAsync("abcdef");

        await ana.Page.Locator("#tab-hex").ClickAsync();
        await Expect(ana.Panel).ToContainTextAsync("00000000  47 45 54 20 2f 66 69 73  68");
        await ana.Page.Locator("#tab-frames").ClickAsync();
        await Expect(ana.Panel.Locator("li")).ToHaveCountAsync(3);
        await ana.Page.Locator("#codec").FillAsync("fixed:10");
        await ana.Page.Locator("#codec").PressAsync("Enter");
        await Expect(ana.Panel.Locator("li")).ToHaveCountAsync(5);
        await ana.Page.Locator("#codec").FillAsync("nonsense");
        await ana.Page.Locator("#codec").PressAsync("Enter");
        await Expect(ana.Panel.Locator(".problem")).ToContainTextAsync("nonsense");

        await RunningEye.EndAsync(client, server);
        await Expect(ana.Events.Filter(new LocatorFilterOptions { HasText = "FIN" })).ToHaveCountAsync(2);
        await Expect(ana.Events.Filter(new LocatorFilterOptions { HasText = "over" })).ToHaveCountAsync(1);
        await Expect(ana.Page.Locator("#talk-facts")).ToContainTextAsync("closed");
    }

    [Fact]
    public async Task Writes_stand_against_reads()
    {
        (Connection client, Connection server) = await Eye.ConnectAsync();
        for (int i = 0; i < 3; i++)
            await RunningEye.SayAsync(client, server, $"line {i}\n");
        Viewer ana = await OpenAsync();
        await ana.LookAtAsync(1);
        await ana.ChooseAsync("line 1");
        await ana.Page.Locator("#tab-cuts").ClickAsync();

        await Expect(ana.Panel.Locator("dd").First).ToHaveTextAsync("7 + 7 + 7");
        await Expect(ana.Panel.Locator("dd").Last).ToHaveTextAsync("7 + 7 + 7");
        await Expect(ana.Panel.Locator("rect.source.chosen")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_conversation_is_downloaded_for_Wireshark_with_its_secrets_masked()
    {
        (Connection client, Connection server) = await Eye.ConnectAsync();
        await RunningEye.SayAsync(client, server, "PASS hunter2!\r\n");
        await RunningEye.SayAsync(server, client, "+OK\r\n");
        await RunningEye.EndAsync(client, server);
        Viewer ana = await OpenAsync();
        await Expect(ana.Page.Locator("#rows tr.closed")).ToHaveCountAsync(1);
        await ana.LookAtAsync(1);
        IDownload download = await ana.Page.RunAndWaitForDownloadAsync(() => ana.Page.Locator("#download").ClickAsync());
        Assert.Equal("sockeye-1.pcapng", download.SuggestedFilename);

        List<string> said = [];
        await using FileStream file = File.OpenRead((await download.PathAsync())!);
        await foreach (PcapPacket packet in PcapReader.ReadAsync(PipeReader.Create(file)))
            said.Add(Encoding.Latin1.GetString(packet.Bytes.Span));
        Assert.Single(said, packet => packet.EndsWith("PASS ********\r\n", StringComparison.Ordinal));
        Assert.Single(said, packet => packet.EndsWith("+OK\r\n", StringComparison.Ordinal));
        Assert.DoesNotContain(said, packet => packet.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_keyboard_goes_through_events_and_searches()
    {
        (Connection client, Connection server) = await Eye.ConnectAsync();
        for (int i = 0; i < 20; i++)
            await RunningEye.SayAsync(client, server, $"fish number {i}\n");
        Viewer ana = await OpenAsync();
        await Expect(ana.Rows).ToHaveCountAsync(1);
        await ana.Page.Locator("#rows button").FocusAsync();
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Diagram).ToBeFocusedAsync();
        await Expect(ana.Diagram).ToHaveAttributeAsync("data-rows", "23");
        await ana.Page.Keyboard.PressAsync("Home");
        await Expect(ana.Page.Locator("[aria-selected=true].event")).ToHaveAttributeAsync("aria-posinset", "1");
        await ana.Page.Keyboard.PressAsync("j");
        await ana.Page.Keyboard.PressAsync("ArrowDown");
        await ana.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(ana.Page.Locator("[aria-selected=true].event")).ToContainTextAsync("fish number 0");
        await ana.Page.Keyboard.PressAsync("k");
        await Expect(ana.Page.Locator("[aria-selected=true].event")).ToHaveAttributeAsync("aria-posinset", "3");

        await ana.Page.Keyboard.PressAsync("/");
        await Expect(ana.Page.Locator("#search")).ToBeFocusedAsync();
        await ana.Page.Keyboard.TypeAsync("NUMBER 1");
        await ana.Page.Keyboard.PressAsync("Enter");
        await Expect(ana.Page.Locator("#search-said")).ToContainTextAsync("in 11 events");
        await Expect(ana.Page.Locator("[aria-selected=true].event")).ToContainTextAsync("number 1");
        await ana.Page.Keyboard.PressAsync("n");
        await Expect(ana.Page.Locator("[aria-selected=true].event")).ToContainTextAsync("number 10");
        await Expect(ana.Panel.Locator("mark")).ToHaveTextAsync("number 1");
        await ana.Page.Keyboard.PressAsync("Escape");
        await Expect(ana.Page.Locator("#detail")).ToBeHiddenAsync();
        await ana.Page.Keyboard.PressAsync("Escape");
        await Expect(ana.Page.Locator("#talk")).ToBeHiddenAsync();
        await Expect(ana.Page.Locator("#rows button")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Ten_thousand_events_keep_the_document_small_and_the_last_is_reached()
    {
        const int Count = 10_000;
        (Connection client, Connection server) = await Eye.ConnectAsync();
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < Count; i++)
                await RunningEye.SayAsync(client, server, Encoding.UTF8.GetBytes($"fish {i};"));
        });
        Viewer ana = await OpenAsync();
        await ana.LookAtAsync(1);
        await sending.WaitAsync(Hang.Limit);
        await Eye.Recorder.FlushAsync();
        Assert.Equal(0, Eye.Recorder.Dropped);
        await Expect(ana.Diagram).ToHaveAttributeAsync("data-rows", "10003");
        await Expect(ana.Events.Last).ToContainTextAsync("fish 9999;");

        await ana.Diagram.FocusAsync();
        await ana.Page.Keyboard.PressAsync("Home");
        await Expect(ana.Page.Locator("[aria-selected=true].event")).ToHaveAttributeAsync("aria-posinset", "1");
        Assert.InRange(await ana.Events.CountAsync(), 10, 80);
        await ana.Diagram.EvaluateAsync("diagram => { diagram.scrollTop = diagram.scrollHeight / 2; }");
        await Expect(ana.Events.First).ToContainTextAsync("fish ");
        Assert.InRange(await ana.Events.CountAsync(), 10, 80);
        await ana.Diagram.EvaluateAsync("diagram => { diagram.scrollTop = diagram.scrollHeight; }");
        await Expect(ana.Events.Last).ToContainTextAsync("fish 9999;");
        Assert.InRange(await ana.Events.CountAsync(), 10, 80);
        Assert.Empty(await Axe.ViolationsAsync(ana.Page, "10,000 events"));
    }
}
