using System.Globalization;

namespace Sockeye.Cli.Commands;

/// <summary>Times as they are written on a command line: <c>500ms</c>, <c>5s</c>, <c>1.5m</c>, <c>2h</c>.</summary>
internal static class Duration
{
    public const string Expected = "a time is a number with ms, s, m or h, as in 500ms, 5s or 2m";

    /// <summary>The longest: a day. Timers end at 49 days, and nothing here waits as long.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromHours(24);

    // The longer suffix first: "ms" also ends with "s".
    private static readonly (string Suffix, double Milliseconds)[] Units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

    /// <summary>Reads a time from zero to <see cref="Max"/>; null when the text is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        foreach ((string suffix, double milliseconds) in Units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            bool isNumber = double.TryParse(text[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
            return isNumber && number * milliseconds <= Max.TotalMilliseconds ? TimeSpan.FromMilliseconds(number * milliseconds) : null;
        }

        return null;
    }

    /// <summary>The shortest text that <see cref="Parse"/> reads back.</summary>
    public static string Print(TimeSpan time)
    {
        (string suffix, double unit) = Units.Last(row => row.Milliseconds == 1 || (time > TimeSpan.Zero && time.TotalMilliseconds % row.Milliseconds == 0));
        return string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds / unit:0.####}{suffix}");
    }
}
