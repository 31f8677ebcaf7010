namespace Sockeye.Browser.Tests.Eye;

/// <summary>What tests of the eye's page share: a relay that is looked at, viewers, and that no page complained.</summary>
public abstract class EyeTests(Chromium chromium) : IAsyncLifetime
{
    private readonly List<Viewer> _viewers = [];

    private protected RunningEye Eye { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _ = chromium.Browser;
        Eye = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        string[] complaints = [.. _viewers.SelectMany(viewer => viewer.Complaints)];
        foreach (Viewer viewer in _viewers)
            await viewer.DisposeAsync();
        if (Eye is not null)
            await Eye.DisposeAsync();
        Assert.Empty(complaints);
    }

    private protected virtual Task<RunningEye> StartAsync() => RunningEye.StartAsync();

    private protected async Task<Viewer> OpenAsync(Microsoft.Playwright.BrowserNewContextOptions? options = null)
    {
        Viewer viewer = await Viewer.OpenAsync(chromium, Eye.Page.Link, options);
        _viewers.Add(viewer);
        return viewer;
    }
}
