using System.Text.Json;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Tracing;

/// <summary>The same for programs, one JSON object a line: docs/cli-json.md.</summary>
internal sealed class TraceJson : TraceReport
{
    public override string Format(TraceStep step, DateTimeOffset start) => JsonLine.Format($"{step.Kind}".ToLowerInvariant(), start + step.At, json =>
    {
        json.WriteNumber("at", Milliseconds(step.At));
        JsonLine.Write(json, "address", step.Local ?? step.Address);
        JsonLine.Write(json, "peer", step.Peer);
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
        JsonLine.Write(json, "bytes", step.Bytes);
        JsonLine.Write(json, "sent", step.BytesSent);
        if (step.Preview is { } preview)
            JsonFormat.WriteBytes(json, preview, step.Bytes ?? preview.Length);
        WriteDetails(json, step);
        JsonLine.Write(json, "reason", step.Reason);
        JsonLine.Write(json, "message", step.Message);
        JsonLine.Write(json, "code", step.ExitCode);
    });

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
        JsonLine.Write(json, "protocol", step.Protocol);
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
}
