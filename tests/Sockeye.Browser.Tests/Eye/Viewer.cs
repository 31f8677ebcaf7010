using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Sockeye.Browser.Tests.Eye;

/// <summary>Somebody who looks at the eye's page.</summary>
internal sealed class Viewer : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    private Viewer(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            // What somebody typed wrong is told by status, which Chromium notes as an error too.
            if (message.Type == "error" && !message.Text.Contains("status of 400", StringComparison.Ordinal))
                Complaints.Add(message.Text);
        };
        page.PageError += (_, error) => Complaints.Add(error);
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => Received.Enqueue(frame.Text ?? "");
    }

    public IPage Page { get; }

    /// <summary>What the page's console complained of.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>What the page was told over its WebSocket.</summary>
    public ConcurrentQueue<string> Received { get; } = [];

    public ILocator Rows => Page.Locator("#rows tr");

    public ILocator Events => Page.Locator("#diagram .event");

    public ILocator Diagram => Page.Locator("#diagram");

    public ILocator Panel => Page.Locator("#panel");

    public static async Task<Viewer> OpenAsync(Chromium chromium, string link, BrowserNewContextOptions? options = null)
    {
        IBrowserContext context = await chromium.Browser.NewContextAsync(options);
        context.SetDefaultTimeout((float)Hang.Limit.TotalMilliseconds);
        Viewer viewer = new(context, await context.NewPageAsync());
        await viewer.Page.GotoAsync(link);
        return viewer;
    }

    /// <summary>Opens the diagram of a conversation.</summary>
    public Task LookAtAsync(int number) => Page.Locator($"#rows tr[data-id=\"{number}\"] button").ClickAsync();

    /// <summary>Chooses the event that says this.</summary>
    public Task ChooseAsync(string text) => Events.Filter(new LocatorFilterOptions { HasText = text }).First.ClickAsync();

    public Task ShotAsync(string name)
    {
        Directory.CreateDirectory(Tools.Screenshots);
        return Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Tools.Screenshots, $"{name}.png") });
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
