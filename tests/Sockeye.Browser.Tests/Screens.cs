using Microsoft.Playwright;

namespace Sockeye.Browser.Tests;

/// <summary>What people look at.</summary>
internal static class Screens
{
    public static BrowserNewContextOptions Phone(ColorScheme colors = ColorScheme.Light) => new()
    {
        ViewportSize = new ViewportSize { Width = 390, Height = 780 },
        DeviceScaleFactor = 2,
        HasTouch = true,
        IsMobile = true,
        ColorScheme = colors,
    };

    public static BrowserNewContextOptions Wide(int width = 1280, ColorScheme colors = ColorScheme.Light) => new()
    {
        ViewportSize = new ViewportSize { Width = width, Height = 800 },
        ColorScheme = colors,
    };
}
