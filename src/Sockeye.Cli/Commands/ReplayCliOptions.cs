using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Sockeye.Cli.Commands;

/// <summary>The options of <c>sockeye replay</c> that say how, and what is compared.</summary>
internal sealed class ReplayCliOptions
{
    private const string SpeedMax = "max";

    private readonly Option<string?> _speed = OptionKinds.Text("--speed", $"how often as fast as recorded, as in 1 or 10; {SpeedMax}, without waiting, if not given", "N");
    private readonly Option<string?> _compare = OptionKinds.Text("--compare", "bytes, as it is if not given; length: how many bytes, not which; frames: how many frames (with --frames)", "WHAT");
    private readonly Option<string[]> _ignored = new("--ignore-bytes")
    {
        Description = "offsets of the answers, from 0, where any byte may stand: times, identifiers; may be given several times",
        HelpName = "FIRST-LAST",
    };

    private readonly Option<string[]> _ignoredText = new("--ignore")
    {
        Description = "where the recorded answers match this, whatever matches too may stand, as in \"time:[0-9.]+\"; may be given several times",
        HelpName = "REGEX",
    };

    private readonly Option<string?> _frames = FramesOption.Create("say in which frame of the answers a difference is");
    private readonly Option<TimeSpan?> _timeout = OptionKinds.Time(
        "--timeout", $"how long an answer, or connecting, may take; {Duration.Print(ReplayOptions.Default.Timeout)} if not given", TimeSpan.FromMilliseconds(1));

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _speed, _compare, _ignored, _ignoredText, _frames, _timeout })
            command.Add(option);
    }

    /// <exception cref="UsageException">One is not right.</exception>
    public ReplayOptions Read(ParseResult parsed, TimeProvider time)
    {
        ReplayOptions options = ReplayOptions.Default with
        {
            Comparison = ReadComparison(parsed.GetValue(_compare)),
            IgnoredBytes = [.. (parsed.GetValue(_ignored) ?? []).Select(ReadRange)],
            IgnoredText = [.. (parsed.GetValue(_ignoredText) ?? []).Select(ReadPattern)],
            Frames = FramesOption.Read(parsed.GetValue(_frames)),
            Speed = ReadSpeed(parsed.GetValue(_speed)),
            TimeProvider = time,
        };
        if (options.Comparison == ReplayComparison.Frames && options.Frames is null)
            throw new UsageException("--compare frames needs --frames CODEC, which says what a frame is");
        if (options.Comparison != ReplayComparison.Bytes && options.IgnoredBytes.Count > 0)
            throw new UsageException("--ignore-bytes goes with --compare bytes: nothing else looks at bytes");
        if (options.Comparison != ReplayComparison.Bytes && options.IgnoredText.Count > 0)
            throw new UsageException("--ignore goes with --compare bytes: nothing else looks at bytes");
        return parsed.GetValue(_timeout) is { } timeout ? options with { Timeout = timeout } : options;
    }

    private static ReplayComparison ReadComparison(string? text) => text switch
    {
        null or "bytes" => ReplayComparison.Bytes,
        "length" => ReplayComparison.Length,
        "frames" => ReplayComparison.Frames,
        _ => throw new UsageException($"--compare cannot be \"{text}\": it is bytes, length or frames"),
    };

    private static double? ReadSpeed(string? text)
    {
        if (text is null or SpeedMax)
            return null;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double speed) && speed is > 0 and <= 1e6
            ? speed : throw new UsageException($"--speed cannot be \"{text}\": it is {SpeedMax}, or how often as fast as recorded, as in 1, 0.5 or 10");
    }

    /// <summary>A pattern of bytes: what is not ASCII in it stands for its bytes in UTF-8. It takes no longer than the text is, whatever a peer says.</summary>
    private static Regex ReadPattern(string text)
    {
        try
        {
            return new Regex(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text)), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--ignore cannot be \"{text}\": it is a regular expression without look-arounds and back references: {e.Message.TrimEnd('.')}");
        }
    }

    private static (long First, long Last) ReadRange(string text)
    {
        string[] parts = text.Split('-');
        return parts.Length <= 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long first)
            && long.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out long last) && first <= last
            ? (first, last) : throw new UsageException($"--ignore-bytes cannot be \"{text}\": it is the first and the last offset, as in 17-35");
    }
}
