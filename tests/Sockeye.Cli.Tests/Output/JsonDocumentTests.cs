using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sockeye.Cli.Output;
using Sockeye.Cli.Pinging;
using Sockeye.Cli.Tracing;

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

    /// <summary>Each kind of step with everything that it can have.</summary>
    private static IEnumerable<TraceStep> Steps()
    {
        TcpHeader syn = new() { Flags = TcpFlags.Syn | TcpFlags.Ack, Options = new TcpOptions { MaximumSegmentSize = 1, WindowScale = 2 } };
        CapturedPacket packet = new()
        {
            Time = default,
            Bytes = Array.Empty<byte>(),
            Source = new IPEndPoint(IPAddress.Loopback, 1),
            Destination = new IPEndPoint(IPAddress.Loopback, 2),
            IsFromRemote = true,
            PayloadLength = 0,
        };
        byte[] text = "x"u8.ToArray(), other = [0xFF];
        KeyValuePair<string, string>[] tls = [.. new[] { "version", "cipher", "alpn", "serverName", "subject", "issuer", "validUntil", "sha256" }.Select(name => KeyValuePair.Create(name, "v"))];
        KeyValuePair<string, string>[] webSocket = [.. new[] { "path", "subprotocol", "compressed" }.Select(name => KeyValuePair.Create(name, "v"))];
        TimeSpan time = TimeSpan.FromMilliseconds(1);
        yield return new(TraceStepKind.Resolved) { Address = "a", Addresses = ["b"], Duration = time };
        yield return new(TraceStepKind.Connecting) { Peer = "p" };
        yield return new(TraceStepKind.Refused) { Peer = "p", Reason = "r", Message = "m" };
        yield return new(TraceStepKind.Abandoned) { Peer = "p" };
        yield return new(TraceStepKind.Connected) { Peer = "p", Local = "l", Duration = time, Kernel = default(TcpInfo) };
        yield return new(TraceStepKind.Kernel) { Kernel = default(TcpInfo) };
        yield return new(TraceStepKind.Segment) { IsByPeer = true, Bytes = 1, Packet = packet with { Tcp = syn } };
        yield return new(TraceStepKind.Segment) { IsByPeer = true, Bytes = 1, Packet = packet with { Icmp = new IcmpHeader(System.Net.Sockets.AddressFamily.InterNetwork, 3) } };
        yield return new(TraceStepKind.Protocol) { Protocol = "TLS", Duration = time, Parameters = tls };
        yield return new(TraceStepKind.Protocol) { Protocol = "WebSocket", Duration = time, Parameters = webSocket };
        foreach (TraceStepKind kind in new[] { TraceStepKind.Sent, TraceStepKind.Received, TraceStepKind.Encrypting, TraceStepKind.Decrypted })
        {
            yield return new(kind) { Bytes = 2, Preview = text };
            yield return new(kind) { Bytes = 2, Preview = other };
            if (kind is TraceStepKind.Sent or TraceStepKind.Received)
                yield return new(kind) { Bytes = 2, Protocol = "TLS", Message = "m" };
        }

        yield return new(TraceStepKind.Ended) { IsByPeer = true };
        yield return new(TraceStepKind.Reset);
        yield return new(TraceStepKind.Closed) { Reason = "us", Message = "m" };
        yield return new(TraceStepKind.Notice) { Reason = "r", Message = "m" };
        yield return new(TraceStepKind.Done) { Bytes = 1, BytesSent = 2, ExitCode = 0 };
        yield return new(TraceStepKind.Failed) { Message = "m", ExitCode = 1 };
    }

    [Fact]
    public void Of_trace_every_field_has_its_row_and_every_row_its_field()
    {
        // A word in a row that follows a colon is a value; all others are fields.
        string section = Page[Page.IndexOf("## `sockeye trace", StringComparison.Ordinal)..];
        string page = Regex.Replace(section[..section.IndexOf("\n## ", StringComparison.Ordinal)], "(`[A-Za-z]+`): [^;|]*", "$1");
        Dictionary<string, string[]> rows = [];
        foreach (Match row in Regex.Matches(page, "^\\| (`[^|]+) \\|[^|]*\\|([^|]*)\\|", RegexOptions.Multiline, TimeSpan.FromSeconds(10)))
        {
            foreach (Match name in Regex.Matches(row.Groups[1].Value, "`([a-z]+)`"))
                rows.Add(name.Groups[1].Value, [.. Regex.Matches(row.Groups[2].Value, "`([A-Za-z0-9]+)`").Select(field => field.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)]);
        }

        Assert.Equal(Enum.GetNames<TraceStepKind>().Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        Dictionary<string, string[]> written = Steps().GroupBy(step => $"{step.Kind}".ToLowerInvariant()).ToDictionary(
            steps => steps.Key,
            steps => steps.SelectMany(step => Names(new TraceJson().Format(step, DateTimeOffset.UnixEpoch))).Except(["schema", "event", "time", "at"]).Distinct().Order(StringComparer.Ordinal).ToArray());
        Assert.All(rows, row => Assert.Equal((row.Key, string.Join(' ', row.Value)), (row.Key, string.Join(' ', written[row.Key]))));
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
