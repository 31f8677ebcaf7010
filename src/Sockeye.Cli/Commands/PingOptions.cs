using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net.Sockets;
using Sockeye.Cli.Pinging;

namespace Sockeye.Cli.Commands;

/// <summary>The options of <c>sockeye ping</c>.</summary>
internal sealed class PingOptions
{
    private const int TimeToLiveMax = 255;

    private static readonly TimeSpan TimeMin = TimeSpan.FromMilliseconds(1);

    private readonly Option<int?> _count = OptionKinds.Number("--count", "how many requests; until Ctrl-C if not given", "-c");
    private readonly Option<TimeSpan?> _interval = OptionKinds.Time(
        "--interval", $"the time from one request to the next; {Duration.Print(PingSettings.IntervalDefault)} if not given", TimeMin);

    private readonly Option<int?> _size = Range(
        "--size", "N", $"how many bytes of data in a request; {IcmpEchoOptions.PayloadLengthDefault} if not given", 0, IcmpEchoOptions.PayloadLengthMax);

    private readonly Option<int?> _timeToLive = Range(
        "--ttl", "N", "how many routers a request may pass; the one where it ends says so", 1, TimeToLiveMax);

    private readonly Option<TimeSpan?> _timeout = OptionKinds.Time(
        "--timeout", $"how long an answer may take before it is called late; {Duration.Print(PingSettings.TimeoutDefault)} if not given", TimeMin);

    private readonly Option<TimeSpan?> _deadline = OptionKinds.Time("--deadline", "how long all of it may take", TimeMin);
    private readonly Option<bool> _only4 = OptionKinds.Flag("-4", "IPv4 only");
    private readonly Option<bool> _only6 = OptionKinds.Flag("-6", "IPv6 only");
    private readonly Option<bool> _quiet = OptionKinds.Flag("--quiet", "only the summary");
    private readonly Option<bool> _json = OptionKinds.Json();

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _count, _interval, _size, _timeToLive, _timeout, _deadline, _only4, _only6, _quiet, _json })
            command.Add(option);
    }

    public bool IsQuiet(ParseResult parsed) => parsed.GetValue(_quiet);

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <exception cref="UsageException">Two of them exclude each other.</exception>
    public PingSettings Read(ParseResult parsed, Address target)
    {
        (bool only4, bool only6) = (parsed.GetValue(_only4), parsed.GetValue(_only6));
        if (only4 && only6)
            throw new UsageException("-4 and -6 exclude each other; leave both out for either");
        return new PingSettings
        {
            Count = parsed.GetValue(_count),
            Interval = parsed.GetValue(_interval) ?? PingSettings.IntervalDefault,
            Timeout = parsed.GetValue(_timeout) ?? PingSettings.TimeoutDefault,
            Deadline = parsed.GetValue(_deadline),
            Family = only4 ? AddressFamily.InterNetwork : only6 ? AddressFamily.InterNetworkV6 : AddressFamily.Unspecified,
            Echo = new IcmpEchoOptions
            {
                HostName = target.Host,
                PayloadLength = parsed.GetValue(_size) ?? IcmpEchoOptions.PayloadLengthDefault,
                TimeToLive = parsed.GetValue(_timeToLive) ?? target.Options.TimeToLive,
            },
        };
    }

    private static Option<int?> Range(string name, string helpName, string description, int minimum, int maximum) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => Read(result, name, minimum, maximum),
    };

    private static int? Read(ArgumentResult result, string name, int minimum, int maximum)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= minimum && number <= maximum)
            return number;
        result.AddError($"{name} cannot be \"{text}\": it is a whole number from {minimum} to {maximum}");
        return null;
    }
}
