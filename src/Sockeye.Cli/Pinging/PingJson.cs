using System.Net;
using System.Text.Json;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Pinging;

/// <summary>The same for programs, one JSON object a line: docs/cli-json.md.</summary>
internal sealed class PingJson(TextWriter output, bool isQuiet, TimeProvider time) : PingReport
{
    public override void Begin(string host, IPAddress address, int payloadLength, bool isRaw)
    {
        if (isQuiet)
            return;
        Write("pinging", json =>
        {
            json.WriteString("host", host);
            json.WriteString("from", address.ToString());
            json.WriteNumber("bytes", payloadLength);
            json.WriteBoolean("raw", isRaw);
        });
    }

    public override void Answer(IcmpEchoAnswer answer, bool isLate)
    {
        if (isQuiet)
            return;
        bool isError = answer.Kind == IcmpEchoAnswerKind.Error;
        Write(isError ? "unreachable" : "reply", json =>
        {
            if (answer.From is { } from)
                json.WriteString("from", from.ToString());
            json.WriteNumber("sequence", answer.SequenceNumber);
            json.WriteNumber("rtt", Round(answer.RoundTrip.TotalMilliseconds));
            if (answer.Error is { } error)
            {
                json.WriteNumber("type", error.Type);
                json.WriteNumber("code", error.Code);
                json.WriteString("message", error.Explain());
            }

            if (!isError)
                json.WriteNumber("bytes", answer.Length);
            if (answer.TimeToLive is { } timeToLive)
                json.WriteNumber("ttl", timeToLive);
            WriteIf(json, "duplicate", answer.Kind == IcmpEchoAnswerKind.Duplicate);
            WriteIf(json, "late", isLate);
            WriteIf(json, "altered", answer.IsAltered);
        });
    }

    public override void Missing(ushort sequenceNumber, TimeSpan timeout)
    {
        if (!isQuiet)
            Write("missing", json => json.WriteNumber("sequence", sequenceNumber));
    }

    public override void Unsent(string problem) => Write("unsent", json => json.WriteString("message", problem));

    public override void End(string host, IPAddress? address, PingStatistics statistics, TimeSpan elapsed) => Write("summary", json =>
    {
        json.WriteString("host", host);
        if (address is not null)
            json.WriteString("from", address.ToString());
        json.WriteNumber("requests", statistics.Sent);
        json.WriteNumber("replies", statistics.Received);
        json.WriteNumber("duplicates", statistics.Duplicates);
        json.WriteNumber("errors", statistics.Errors);
        json.WriteNumber("loss", Round(statistics.Loss));
        json.WriteNumber("milliseconds", Round(elapsed.TotalMilliseconds));
        if (statistics.Received == 0)
            return;
        json.WriteNumber("min", Round(statistics.Min));
        json.WriteNumber("avg", Round(statistics.Average));
        json.WriteNumber("max", Round(statistics.Max));
        json.WriteNumber("mdev", Round(statistics.Deviation));
    });

    private static double Round(double value) => Math.Round(value, 4);

    private static void WriteIf(Utf8JsonWriter json, string name, bool value)
    {
        if (value)
            json.WriteBoolean(name, true);
    }

    private void Write(string name, Action<Utf8JsonWriter> writeFields) => output.WriteLine(JsonLine.Format(name, time.GetUtcNow(), writeFields));
}
