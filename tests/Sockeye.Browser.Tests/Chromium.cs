using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Sockeye.Browser.Tests.Chromium))]

namespace Sockeye.Browser.Tests;

/// <summary>One Chromium for all tests; each person of a test has a profile of their own in it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The browser; a test is skipped where none is installed.</summary>
    public IBrowser Browser
    {
        get
        {
            if (_browser is null)
                Assert.Skip("chromium is not installed.");
            return _browser;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (Tools.Find("chromium") is not { } program)
            return;
        Assertions.SetDefaultExpectTimeout((float)Hang.Limit.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            // Tests run as root on build machines, where Chromium has no sandbox.
            Args = ["--no-sandbox", "--disable-gpu"],
            Timeout = (float)Hang.Limit.TotalMilliseconds,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
