using System.Globalization;
using System.Net;

namespace Sockeye.Cli.Pinging;

/// <summary>For people, and for what reads the ping of iputils: replies and the summary on one writer, problems on the other.</summary>
internal sealed class PingText(TextWriter output, TextWriter problems, bool isQuiet) : PingReport
{
    public override void Begin(string host, IPAddress address, int payloadLength, bool isRaw)
    {
        if (!isQuiet)
            problems.WriteLine($"pinging {PingProgram.Name(host, address)} with {payloadLength} bytes of data{(isRaw ? ", on a raw socket" : "")}");
    }

    public override void Answer(IcmpEchoAnswer answer, bool isLate)
    {
        if (isQuiet)
            return;
        if (answer.Kind == IcmpEchoAnswerKind.Error)
        {
            problems.WriteLine($"from {answer.From?.ToString() ?? "this machine"}: icmp_seq={answer.SequenceNumber}: {answer.Error?.Explain()}");
            return;
        }

        string hops = answer.TimeToLive is { } timeToLive ? $" ttl={timeToLive}" : "";
        string notes = (answer.Kind == IcmpEchoAnswerKind.Duplicate ? " (duplicate)" : "") + (isLate ? " (late)" : "") + (answer.IsAltered ? " (its data was altered)" : "");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{answer.Length} bytes from {answer.From}: icmp_seq={answer.SequenceNumber}{hops} time={Milliseconds(answer.RoundTrip.TotalMilliseconds)} ms{notes}"));
    }

    public override void Missing(ushort sequenceNumber, TimeSpan timeout)
    {
        if (!isQuiet)
            problems.WriteLine($"no answer to icmp_seq={sequenceNumber} within {Commands.Duration.Print(timeout)}");
    }

    public override void Unsent(string problem) => problems.WriteLine($"sockeye: {problem}");

    public override void End(string host, IPAddress? address, PingStatistics statistics, TimeSpan elapsed)
    {
        string duplicates = statistics.Duplicates > 0 ? $" +{statistics.Duplicates} duplicates," : "";
        string errors = statistics.Errors > 0 ? $" +{statistics.Errors} errors," : "";
        output.WriteLine($"--- {host} ping statistics ---");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{statistics.Sent} packets transmitted, {statistics.Received} received,{duplicates}{errors} {statistics.Loss:0.####}% packet loss, time {elapsed.TotalMilliseconds:0}ms"));
        if (statistics.Received > 0)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"rtt min/avg/max/mdev = {statistics.Min:0.000}/{statistics.Average:0.000}/{statistics.Max:0.000}/{statistics.Deviation:0.000} ms"));
        }
    }

    /// <summary>Three digits that mean something: nobody wants to know microseconds of a second.</summary>
    private static string Milliseconds(double time) =>
        time.ToString(time < 1 ? "0.000" : time < 10 ? "0.00" : time < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
