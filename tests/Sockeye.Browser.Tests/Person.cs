using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests;

/// <summary>Somebody with a browser window of their own. Whatever the page complains of, and whatever it asks of others than the hub, is noted.</summary>
internal sealed class Person : IAsyncDisposable
{
    private readonly RunningHub _hub;
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = [];

    private Person(RunningHub hub, IBrowserContext context, IPage page) => (_hub, _context, Page) = (hub, context, page);

    public IPage Page { get; private set; }

    public ILocator Composer => Page.Locator("#text");

    public ILocator Messages => Page.Locator("#messages .message");

    public ILocator Kept => Page.Locator("#messages .node.kept");

    public ILocator Pending => Page.Locator("#messages .pending");

    public ILocator Title => Page.Locator("#title");

    /// <summary>What the page complained of.</summary>
    public IEnumerable<string> Complaints => _complaints.Where(complaint => !(_hub.WasAway && complaint.Contains("WebSocket connection to", StringComparison.Ordinal)));

    public static async Task<Person> OpenAsync(Chromium chromium, RunningHub hub, BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        options.Locale ??= "en-GB";
        options.ViewportSize ??= new ViewportSize { Width = 1280, Height = 800 };
        IBrowserContext context = await chromium.Browser.NewContextAsync(options);
        context.SetDefaultTimeout((float)Hang.Limit.TotalMilliseconds);
        Person person = new(hub, context, await context.NewPageAsync());
        person.Watch(person.Page);
        return person;
    }

    /// <summary>Comes in by a name.</summary>
    public static async Task<Person> EnterAsync(Chromium chromium, RunningHub hub, string name, BrowserNewContextOptions? options = null)
    {
        Person person = await OpenAsync(chromium, hub, options);
        await person.GoAsync();
        await person.NameAsync(name);
        await Expect(person.Title).ToHaveTextAsync("#lobby");
        return person;
    }

    public Task GoAsync(string after = "/") => Page.GotoAsync(_hub.Address + after);

    public async Task NameAsync(string name)
    {
        await Page.Locator("#name").FillAsync(name);
        await Page.Locator("#come-in").ClickAsync();
    }

    /// <summary>Another window of the same browser.</summary>
    public async Task<IPage> SecondWindowAsync()
    {
        IPage page = await _context.NewPageAsync();
        Watch(page);
        await page.GotoAsync(_hub.Address);
        return page;
    }

    public async Task WriteAsync(string text)
    {
        await Composer.FillAsync(text);
        await Composer.PressAsync("Enter");
    }

    /// <summary>Writes something, and returns when the page shows that the hub has it.</summary>
    public async Task SayAsync(string text)
    {
        await WriteAsync(text);
        await Expect(Page.Locator("#messages .message", new PageLocatorOptions { HasText = text }).Locator(".node.kept").First).ToBeVisibleAsync();
    }

    public async Task JoinAsync(string room)
    {
        await Page.Locator("#add-room").ClickAsync();
        await Page.Locator("#finder-field").FillAsync(room);
        await Page.Locator("#finder-field").PressAsync("Enter");
        await Expect(Title).ToHaveTextAsync("#" + room);
    }

    public ILocator Conversation(string title) => Page.Locator("#side .list button").Filter(new LocatorFilterOptions { HasText = title });

    public ILocator Saying(string text) => Page.Locator("#messages .message .body").GetByText(text, new LocatorGetByTextOptions { Exact = true });

    /// <summary>The texts of the messages that are on the page, in their order.</summary>
    public Task<IReadOnlyList<string>> TextsAsync() => Page.Locator("#messages .message .body").AllInnerTextsAsync();

    public Task ShotAsync(string name) => Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Tools.Screenshots, name + ".png"), Animations = ScreenshotAnimations.Disabled });

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Watch(IPage page)
    {
        string host = new Uri(_hub.Address).Authority;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Enqueue($"console: {message.Text}");
        };
        page.PageError += (_, error) => _complaints.Enqueue($"exception: {error}");
        page.Request += (_, request) => NoteForeign(request.Url);
        page.WebSocket += (_, socket) => NoteForeign(socket.Url);

        void NoteForeign(string url)
        {
            Uri uri = new(url);
            if (uri.Authority != host && uri.Scheme != "data")
                _complaints.Enqueue($"asked another host: {url}");
        }
    }
}
