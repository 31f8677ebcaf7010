using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json;
using Sockeye.Eye.Recording;
using Sockeye.Hub.Tests.Gateways.Web;
using Sockeye.Hub.Watching;
using Sockeye.Tests.Time;

namespace Sockeye.Hub.Tests.Watching;

/// <summary>What a watcher was shown can be asked about, by that watcher and within limits, and nothing else can.</summary>
public class WireRecordTests
{
    private readonly ManualTimeProvider _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_the_browser_that_watches_may_ask_by_its_key_and_for_as_long_as_it_watches()
    {
        await using WebHub hub = await WebHub.StartAsync();
        string cookie = WebPage.NewCookie();
        using WebPage page = await WebPage.OpenAsAsync(hub.Page, "Tom", cookie);
        using WebPage other = await WebPage.OpenAsAsync(hub.Page, "Tom", cookie);
        string key = await WatchOtherAsync(page);
        await other.SendAsync(new { type = "password", password = "s3cr3t-word" });
        await other.SendAsync(new { type = "say", room = "lobby", text = "sentinel" });
        JsonElement told = await page.NextAsync("wire", each => each.GetRawText().Contains("\"frame\"", StringComparison.Ordinal) && each.GetRawText().Contains("sentinel", StringComparison.Ordinal));
        int first = told.GetProperty("first").GetInt32();
        JsonElement[] events = [.. told.GetProperty("events").EnumerateArray()];
        int said = first + Array.FindIndex(events, each => each.GetProperty("kind").GetString() == "frame" && each.GetRawText().Contains("sentinel", StringComparison.Ordinal));

        using HttpResponseMessage found = await AskAsync(hub, cookie, $"{key}/search?text=sentinel");
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Contains(said, JsonDocument.Parse(await found.Content.ReadAsStringAsync(Cancelled)).RootElement.GetProperty("matches").EnumerateArray().Select(each => each.GetInt32()));
        using HttpResponseMessage bytes = await AskAsync(hub, cookie, $"{key}/events/{said}/bytes");
        Assert.Equal("sentinel", JsonDocument.Parse(await bytes.Content.ReadAsStringAsync(Cancelled)).RootElement.GetProperty("text").GetString());
        using HttpResponseMessage none = await AskAsync(hub, cookie, $"{key}/search?text=s3cr3t");
        Assert.Equal("""{"matches":[]}""", await none.Content.ReadAsStringAsync(Cancelled));
        using HttpResponseMessage saved = await AskAsync(hub, cookie, $"{key}/pcapng");
        string capture = await ReadAsync(saved);
        Assert.Contains("sentinel", capture, StringComparison.Ordinal);
        Assert.Contains(new string('*', 20), capture, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", capture, StringComparison.Ordinal);

        foreach ((string? who, string what) in new[] { (WebPage.NewCookie(), $"{key}/pcapng"), (null, $"{key}/pcapng"), (cookie, $"{key[..^1]}/pcapng"), (cookie, "/pcapng"), (cookie, "") })
        {
            using HttpResponseMessage refused = await AskAsync(hub, who, what);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        // Whoever watches something else gets another key, and the old one is over.
        string next = await WatchOtherAsync(page);
        Assert.NotEqual(key, next);
        using HttpResponseMessage over = await AskAsync(hub, cookie, $"{key}/pcapng");
        Assert.Equal(HttpStatusCode.NotFound, over.StatusCode);
        using HttpResponseMessage plot = await AskAsync(hub, cookie, $"{next}/plot");
        Assert.True(JsonDocument.Parse(await plot.Content.ReadAsStringAsync(Cancelled)).RootElement.GetProperty("width").GetDouble() > 0);
    }

    [Fact]
    public void What_is_not_shown_is_kept_as_stars_and_what_came_as_what_was_made_of_it()
    {
        WireRecord record = Make(new WireRecords(), "text");
        int first = record.Add([Event(WireEventKind.Received, 14), Event(WireEventKind.Frame, 5, "hello"), Event(WireEventKind.Frame, 7), Event(WireEventKind.Sent, 4, "ok\r\n")], areSomeNot: true);

        Assert.Equal(2, first);
        Assert.Equal(["", "", "hello\n", "*******\n", "ok\r\n"], record.Events().Select(each => Encoding.UTF8.GetString(each.Data)));
        Assert.Equal([0, 2, 3, 4, 5], record.Events().Select(each => each.Index));
        Assert.Equal([6L, 0L], record.Events()[3..].Select(each => each.Offset));
        Assert.Equal(7, record.Add([Event(WireEventKind.Closed, 0)], areSomeNot: false));
    }

    [Fact]
    public void The_latest_are_kept_within_limits()
    {
        WireRecords all = new();
        WireRecord record = Make(all, "web");
        for (int i = 0; i < WireRecord.EventsMax + 10; i++)
            record.Add([Event(WireEventKind.Received, 1)], areSomeNot: false);
        Assert.Equal(WireRecord.EventsMax, record.Events().Length);
        Assert.Equal(WireRecord.EventsMax + 11, record.Events()[^1].Index);
        string large = new('x', 30_000);
        for (int i = 0; i < 40; i++)
            record.Add([Event(WireEventKind.Sent, large.Length, large)], areSomeNot: false);
        Assert.InRange(record.Events().Sum(each => each.Cost), large.Length, WireRecord.BytesMax);

        // All of them together.
        all.Count(WireRecords.BytesMax);
        record.Add([Event(WireEventKind.Sent, large.Length, large)], areSomeNot: false);
        Assert.Empty(record.Events());
        all.Count(-WireRecords.BytesMax);
        record.Add([Event(WireEventKind.Sent, 1, "y")], areSomeNot: false);
        Assert.Single(record.Events());
        record.Dispose();
        Assert.Null(all.Find(record.Key, record.Origin));
        all.Count(WireRecords.BytesMax);
        Assert.False(all.AreTooMany);
    }

    [Fact]
    public void Who_asks_too_often_has_to_wait()
    {
        WireRecord record = Make(new WireRecords(), "text");
        for (int i = 0; i < WireRecord.AsksMax.Burst; i++)
            Assert.True(record.TryAsk());
        Assert.False(record.TryAsk());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(record.TryAsk());
    }

    [Fact]
    public void Figures_are_of_all_bytes_shown_or_not()
    {
        FakeWired wired = new();
        WireRecord record = new(new WireRecords(), 7, "text", wired, "me", _clock);
        wired.Facts = wired.Facts with { Age = TimeSpan.FromSeconds(1), Received = 100, Sent = 7, QueuedBytes = 50 };
        record.Sample();
        wired.Facts = wired.Facts with { Age = TimeSpan.FromSeconds(2), Received = 150, QueuedBytes = 20 };
        EyePlot plot = record.Plot();
        Assert.Equal((150, 7), (plot.Samples.Sum(each => each.Up), plot.Samples.Sum(each => each.Down)));
        Assert.Equal([50, 20], plot.Samples.Where(each => each.OnTheWay > 0).Select(each => each.OnTheWay));

        // What is being closed cannot be asked, and what has ended is not asked any more.
        wired.IsGone = true;
        Assert.Equal(150, record.Plot().Samples.Sum(each => each.Up));
        wired.IsGone = false;
        record.Add([Event(WireEventKind.Closed, 0)], areSomeNot: false);
        wired.Facts = wired.Facts with { Received = 1000 };
        Assert.Equal(150, record.Plot().Samples.Sum(each => each.Up));
    }

    [Theory]
    [InlineData(TcpState.Established, "Open")]
    [InlineData(TcpState.CloseWait, "HalfClosed")]
    [InlineData(TcpState.FinWait2, "HalfClosed")]
    [InlineData(TcpState.LastAck, "Closed")]
    public void The_state_is_the_kernels(TcpState kernel, string expected)
    {
        Assert.Equal(expected, (new FakeWired().Facts with { Kernel = new TcpInfo { State = kernel } }).State.ToString());
        Assert.Equal(EyeState.Open, new FakeWired().Facts.State);
    }

    private static WireEvent Event(WireEventKind kind, long bytes, string? text = null) =>
        new(kind, TimeSpan.Zero, bytes, text, IsHidden: text is null && kind is WireEventKind.Frame, text is null ? null : Encoding.UTF8.GetBytes(text));

    private WireRecord Make(WireRecords all, string door) => new(all, 7, door, new FakeWired(), "me", _clock);

    /// <summary>Watches the page's sibling; the key that it is told.</summary>
    private static async Task<string> WatchOtherAsync(WebPage page)
    {
        await page.SendAsync(new { type = "wires" });
        JsonElement wires = await page.NextAsync("wires");
        JsonElement other = wires.GetProperty("wires").EnumerateArray().Single(each => !each.GetProperty("page").GetBoolean());
        Assert.Equal("open", other.GetProperty("state").GetString());
        await page.SendAsync(new { type = "watch", wire = other.GetProperty("id").GetString() });
        return (await page.NextAsync("wire", each => each.TryGetProperty("key", out _))).GetProperty("key").GetString()!;
    }

    private static async Task<HttpResponseMessage> AskAsync(WebHub hub, string? cookie, string what)
    {
        using HttpClient http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false });
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(hub.Page, $"/api/wires/{what}"));
        if (cookie is not null)
            request.Headers.Add("Cookie", $"sockeye={cookie}");
        return await http.SendAsync(request, Cancelled).WaitAsync(Hang.Limit, Cancelled);
    }

    private static async Task<string> ReadAsync(HttpResponseMessage capture)
    {
        StringBuilder all = new();
        await foreach (PcapPacket packet in PcapReader.ReadAsync(PipeReader.Create(await capture.Content.ReadAsStreamAsync(Cancelled)), cancellationToken: Cancelled))
            all.Append(Encoding.UTF8.GetString(packet.Bytes.Span));
        return all.ToString();
    }

    private sealed class FakeWired : IWired
    {
        public WireFacts Facts { get; set; } = new("127.0.0.1:5000", null, TimeSpan.Zero, 0, 0, null, 0, 0);

        public WireTap Tap => throw new NotSupportedException();

        public bool IsGone { get; set; }

        public WireFacts Look()
        {
            ObjectDisposedException.ThrowIf(IsGone, this);
            return Facts;
        }
    }
}
