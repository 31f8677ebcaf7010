using System.Globalization;

namespace Sockeye;

/// <summary>The numbers of fault plans: how they are written, and their limits.</summary>
internal static class FaultNumbers
{
    public const string TimeExpected = "a time from 0 to 1h, a number with us, ms, s, m or h, as in 50ms";
    public const string DelayExpected = $"{TimeExpected}, and perhaps how much it varies, as in 50ms±10ms or 50ms+-10ms";
    public const string RateExpected = "a rate from 8bit to 100gbit a second, in bit, kbit, mbit or gbit, or in B/s, kB/s or MB/s (k is 1,000)";
    public const string PercentExpected = "a percentage from 0% to 100% with up to four decimals, as in 1% or 0.5%";

    private const int PercentDecimals = 4;
    private const NumberStyles Decimals = NumberStyles.AllowDecimalPoint;

    // The longer suffix first: "ms" also ends with "s".
    private static readonly (string Suffix, long Ticks)[] TimeUnits =
    [
        ("us", TimeSpan.TicksPerMicrosecond), ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    private static readonly (string Suffix, long Bits)[] RateUnits =
    [
        ("gbit", 1_000_000_000), ("mbit", 1_000_000), ("kbit", 1_000), ("bit", 1), ("MB/s", 8_000_000), ("kB/s", 8_000), ("B/s", 8),
    ];

    public static TimeSpan CheckTime(TimeSpan time) => time >= TimeSpan.Zero && time <= FaultPlan.TimeMax
        ? time : throw new ArgumentOutOfRangeException(nameof(time), time, "Not from zero to an hour.");

    public static long? Check(long? value, long minimum, long maximum) => value is not { } number || (number >= minimum && number <= maximum)
        ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"Not from {minimum} to {maximum}.");

    public static decimal CheckPercent(decimal value) => value is >= 0 and <= 100 && decimal.Round(value, PercentDecimals) == value
        ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Not from 0 to 100 with up to four decimals.");

    /// <summary>Reads a time; null when the text is none, or over the limit.</summary>
    public static TimeSpan? ReadTime(string? text)
    {
        foreach ((string suffix, long ticks) in TimeUnits)
        {
            if (text is null || !text.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            return ReadDecimal(text[..^suffix.Length], FaultPlan.TimeMax.Ticks / ticks) is { } number && number * ticks == decimal.Truncate(number * ticks)
                ? TimeSpan.FromTicks((long)(number * ticks)) : null;
        }

        return null;
    }

    /// <summary>Whole seconds as seconds, all else as milliseconds: their four decimals are the ticks.</summary>
    public static string PrintTime(TimeSpan time) => time > TimeSpan.Zero && time.Ticks % TimeSpan.TicksPerSecond == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / TimeSpan.TicksPerSecond}s")
        : string.Create(CultureInfo.InvariantCulture, $"{(decimal)time.Ticks / TimeSpan.TicksPerMillisecond:0.####}ms");

    /// <summary>Reads a delay and its jitter.</summary>
    public static (TimeSpan Delay, TimeSpan Jitter)? ReadDelay(string? text)
    {
        string[] parts = (text ?? "").Replace("+-", "±", StringComparison.Ordinal).Split('±');
        return parts.Length <= 2 && ReadTime(parts[0].Trim()) is { } delay && (parts.Length == 1 ? TimeSpan.Zero : ReadTime(parts[1].Trim())) is { } jitter ? (delay, jitter) : null;
    }

    public static string? PrintDelay(TimeSpan delay, TimeSpan jitter) =>
        delay == TimeSpan.Zero && jitter == TimeSpan.Zero ? null : PrintTime(delay) + (jitter > TimeSpan.Zero ? $"±{PrintTime(jitter)}" : "");

    /// <summary>Reads a rate, in bits a second.</summary>
    public static long? ReadRate(string? text)
    {
        foreach ((string suffix, long bits) in RateUnits)
        {
            if (text is null || !text.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            decimal rate = (ReadDecimal(text[..^suffix.Length], FaultPlan.RateMax / bits) ?? 0) * bits;
            return rate >= FaultPlan.RateMin && rate == decimal.Truncate(rate) ? (long)rate : null;
        }

        return null;
    }

    public static string? PrintRate(long? rate)
    {
        if (rate is not { } bits)
            return null;
        (string suffix, long unit) = Array.Find(RateUnits, row => bits % row.Bits == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{bits / unit}{suffix}");
    }

    public static decimal? ReadPercent(string? text) =>
        text is [.. var digits, '%'] && ReadDecimal(digits, 100) is { } number && decimal.Round(number, PercentDecimals) == number ? number : null;

    public static string? PrintPercent(decimal percent) => percent == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{percent:0.####}%");

    /// <summary>Reads a whole number.</summary>
    public static long? ReadCount(string? text, long minimum, long maximum) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= minimum && number <= maximum ? number : null;

    private static decimal? ReadDecimal(string text, decimal maximum) =>
        decimal.TryParse(text, Decimals, CultureInfo.InvariantCulture, out decimal number) && number <= maximum ? number : null;
}
