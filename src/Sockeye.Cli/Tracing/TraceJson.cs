using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Tracing;

/// <summary>The same for programs, one JSON object a line: docs/cli-json.md.</summary>
internal sealed class TraceJson : TraceReport
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override string Format(TraceStep step, DateTimeOffset start)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", JsonFormat.Schema);
            json.WriteString("event", $"{step.Kind}".ToLowerInvariant());
            json.WriteString("time", (start + step.At).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
            json.WriteNumber("at", Milliseconds(step.At));
            WriteText(json, "address", step.Local ?? step.Address);
            WriteText(json, "peer", step.Peer);
            if (step.Addresses is { } addresses)
            {
                json.WriteStartArray("addresses");
                foreach (string address in addresses)
                    json.WriteStringValue(address);
                json.WriteEndArray();
            }

            if (step.Duration is { } duration)
                json.WriteNumber("milliseconds", Milliseconds(duration));
            if (step.IsByPeer is { } isByPeer)
                json.WriteString("direction", isByPeer ? "received" : "sent");
            if (step.Bytes is { } bytes)
                json.WriteNumber("bytes", bytes);
            if (step.BytesSent is { } sent)
                json.WriteNumber("sent", sent);
            if (step.Preview is { } preview)
                JsonFormat.WriteBytes(json, preview, step.Bytes ?? preview.Length);
            WriteDetails(json, step);
            WriteText(json, "reason", step.Reason);
            WriteText(json, "message", step.Message);
            if (step.ExitCode is { } code)
                json.WriteNumber("code", code);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteDetails(Utf8JsonWriter json, TraceStep step)
    {
        if (step.Kernel is { } kernel)
        {
            if (step.Kind == TraceStepKind.Connected)
                json.WriteNumber("rtt", Milliseconds(kernel.RoundTripTime));
            else
                Write(json, kernel);
        }

        if (step.Packet is { } packet)
            Write(json, packet);
        WriteText(json, "protocol", step.Protocol);
        foreach ((string name, string value) in step.Parameters ?? [])
            json.WriteString(name, value);
    }

    private static void Write(Utf8JsonWriter json, TcpInfo kernel)
    {
        json.WriteString("state", TraceText.State(kernel.State));
        json.WriteNumber("rtt", Milliseconds(kernel.RoundTripTime));
        json.WriteNumber("rttVariation", Milliseconds(kernel.RoundTripVariation));
        json.WriteNumber("rto", Milliseconds(kernel.RetransmissionTimeout));
        json.WriteNumber("mss", kernel.SendSegmentMax);
        json.WriteNumber("cwnd", kernel.CongestionWindow);
        json.WriteNumber("unacknowledged", kernel.Unacknowledged);
        json.WriteNumber("retransmits", kernel.Retransmits);
        json.WriteNumber("mtu", kernel.PathMtu);
    }

    private static void Write(Utf8JsonWriter json, CapturedPacket packet)
    {
        if (packet.Icmp is { } icmp)
        {
            json.WriteString("from", packet.Source.Address.ToString());
            json.WriteString("to", packet.Destination.Address.ToString());
            json.WriteNumber("type", icmp.Type);
            json.WriteNumber("code", icmp.Code);
            json.WriteString("message", icmp.Explain());
            return;
        }

        json.WriteString("from", packet.Source.ToString());
        json.WriteString("to", packet.Destination.ToString());
        if (packet.Tcp is not { } tcp)
            return;
        json.WriteString("flags", TraceText.Flags(tcp.Flags));
        json.WriteNumber("seq", packet.RelativeSequenceNumber ?? tcp.SequenceNumber);
        if ((tcp.Flags & TcpFlags.Ack) != 0)
            json.WriteNumber("ack", packet.RelativeAcknowledgmentNumber ?? tcp.AcknowledgmentNumber);
        json.WriteNumber("window", tcp.Window);
        if (tcp.Options.MaximumSegmentSize is { } size)
            json.WriteNumber("mss", size);
        if (tcp.Options.WindowScale is { } scale)
            json.WriteNumber("wscale", scale);
        if ((tcp.Flags & TcpFlags.Syn) != 0)
        {
            json.WriteBoolean("sackPermitted", tcp.Options.SackPermitted);
            json.WriteBoolean("timestamps", tcp.Options.Timestamps is not null);
        }
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 4);

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }
}
