using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sockeye.Cli.Output;
using Sockeye.Cli.Pinging;

namespace Sockeye.Cli.Tests.Output;

/// <summary>docs/cli-json.md names every field that is written, and none that is not.</summary>
public class JsonDocumentTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "cli-json.md"));

    /// <summary>An event that has everything: a new property fails here until it is given a value.</summary>
    private static readonly CliEvent Full = new(EventKind.Left)
    {
        Time = DateTimeOffset.UnixEpoch,
        Address = "a",
        Peer = "p",
        Target = "t",
        Connection = 1,
        Bytes = CliEvent.PreviewBytesMax + 1,
        Sent = 2,
        Duration = TimeSpan.FromMilliseconds(1.5),
        Preview = "x"u8.ToArray(),
        Fingerprint = "f",
        Tls = "1.3",
        Reason = "r",
        Message = "m",
        Count = 3,
        Direction = "d",
        ExitCode = 4,
        MessageType = "text",
        CloseStatus = 1000,
        CloseReason = "c",
    };

    [Fact]
    public void Every_field_has_its_row_and_every_row_its_field()
    {
        foreach (PropertyInfo property in typeof(CliEvent).GetProperties())
            Assert.True(property.GetValue(Full) is not null, $"{property.Name} has no value in the event that has everything.");

        string page = Page[..Page.IndexOf("| event | when", StringComparison.Ordinal)];
        IEnumerable<string> rows = Regex.Matches(page, "^\\| `([A-Za-z0-9]+)` \\|", RegexOptions.Multiline, TimeSpan.FromSeconds(10)).Select(match => match.Groups[1].Value);
        IEnumerable<string> written = Names(Full).Concat(Names(Full with { Preview = [0xFF] })).Distinct();
        Assert.Equal(written.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_event_has_its_row()
    {
        string page = Page[..Page.IndexOf("## ", StringComparison.Ordinal)];
        Assert.All(Enum.GetNames<EventKind>(), name => Assert.Contains($"`{name.ToLowerInvariant()}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Of_ping_every_field_is_named()
    {
        StringWriter output = new();
        PingJson json = new(output, isQuiet: false, TimeProvider.System);
        PingStatistics statistics = new();
        IcmpEchoAnswer answer = new() { Kind = IcmpEchoAnswerKind.Reply, SequenceNumber = 1, From = IPAddress.Loopback, RoundTrip = TimeSpan.FromMilliseconds(1), TimeToLive = 64 };
        statistics.Add(answer);
        json.Begin("h", IPAddress.Loopback, payloadLength: 56, isRaw: true);
        json.Answer(answer with { Kind = IcmpEchoAnswerKind.Duplicate }, isLate: true);
        json.Missing(2, TimeSpan.FromSeconds(1));
        json.Unsent("m");
        json.End("h", IPAddress.Loopback, statistics, TimeSpan.FromSeconds(1));

        string page = Page[Page.IndexOf("## ", StringComparison.Ordinal)..];
        string[] written = [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).SelectMany(Names).Distinct()];
        Assert.Contains("mdev", written);
        Assert.All(written, name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Names(CliEvent happened) => Names(new JsonFormat().Format(happened));

    private static IEnumerable<string> Names(string line) => [.. JsonDocument.Parse(line).RootElement.EnumerateObject().Select(field => field.Name)];

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Sockeye.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"No Sockeye.slnx above {AppContext.BaseDirectory}");
    }
}
