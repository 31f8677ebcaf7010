using System.Globalization;
using System.Net.Sockets;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Tracing;

/// <summary>
/// Steps as lines for people: milliseconds, a word, and what happened. Bytes are escaped, a backslash among them too, and cut to the width; everything else is
/// a sentence and whole, because its end says why, and what to try.
/// </summary>
internal sealed class TraceText(Func<int> columns) : TraceReport
{
    private const int WordWidth = 9;
    private const int PreviewColumnsMin = 10;

    private TcpInfo? _last;

    public override string Format(TraceStep step, DateTimeOffset start)
    {
        string head = string.Create(CultureInfo.InvariantCulture, $"{step.At.TotalMilliseconds,10:0.000}  {Word(step).PadRight(WordWidth)}  ");
        string sentence = EscapedText.EscapeSentence(head + What(step));
        if (step.Preview is not { } preview)
            return sentence.TrimEnd();
        int width = Math.Max(columns(), TextFormat.ColumnsDefault / 2);
        return (sentence + EscapedText.Escape(preview, Math.Max(width - sentence.Length, PreviewColumnsMin))).TrimEnd();
    }

    private static string Word(TraceStep step) => step.Kind switch
    {
        TraceStepKind.Resolved => "resolve",
        TraceStepKind.Connecting => "connect",
        TraceStepKind.Refused => step.Reason == "refused" ? "refused" : "failed",
        TraceStepKind.Abandoned => "given up",
        TraceStepKind.Connected => "connected",
        TraceStepKind.Segment => step.IsByPeer == true ? "  <-" : "  ->",
        TraceStepKind.Protocol => (step.Protocol ?? "").ToLowerInvariant(),
        TraceStepKind.Encrypting => "encrypt",
        TraceStepKind.Decrypted => "decrypt",
        TraceStepKind.Ended => step.IsByPeer == true ? "peer ends" : "we end",
        TraceStepKind.Closed => "close",
        TraceStepKind.Notice => "note",
        _ => $"{step.Kind}".ToLowerInvariant(),
    };

    private string What(TraceStep step) => step.Kind switch
    {
        TraceStepKind.Resolved => $"{step.Address} -> {string.Join(", ", step.Addresses ?? [])} ({Milliseconds(step.Duration)})",
        TraceStepKind.Connecting => $"{step.Peer}",
        TraceStepKind.Refused => $"{step.Peer}: {step.Message}",
        TraceStepKind.Abandoned => $"{step.Peer}: {step.Message ?? "another address was faster, or the time was over"}",
        TraceStepKind.Connected when step.Kernel is { } kernel => $"{step.Peer} from {step.Local}, round trip of the handshake {Milliseconds(kernel.RoundTripTime)}",
        TraceStepKind.Connected when step.Duration is { } handshake => $"{step.Peer} from {step.Local} in {Milliseconds(handshake)}",
        TraceStepKind.Connected => $"{step.Peer} from {step.Local}",
        TraceStepKind.Kernel => Kernel(step.Kernel!.Value),
        TraceStepKind.Segment => Segment(step.Packet!),
        TraceStepKind.Protocol => $"{string.Join(", ", (step.Parameters ?? []).Select(pair => $"{pair.Key} {pair.Value}"))}, in {Milliseconds(step.Duration)}",
        TraceStepKind.Sent or TraceStepKind.Received when step.Protocol is { } protocol => $"{Count(step.Bytes)}, {protocol} {(step.Message is { Length: > 0 } records ? records : "continued")}",
        TraceStepKind.Decrypted when step.Bytes == 0 => "close_notify: the peer's end in order",
        TraceStepKind.Sent or TraceStepKind.Received or TraceStepKind.Encrypting or TraceStepKind.Decrypted => $"{Count(step.Bytes)}{(step.Preview is { Length: > 0 } ? ": " : "")}",
        TraceStepKind.Ended => step.IsByPeer == true ? "its side: it sends no more" : "our side: we send no more",
        TraceStepKind.Reset => "by the peer: the connection is gone, and what was on its way",
        TraceStepKind.Done => $"{Count(step.BytesSent)} sent, {Count(step.Bytes)} received",
        _ => $"{step.Message}",
    };

    /// <summary>All of it the first time; then what has changed.</summary>
    private string Kernel(TcpInfo now)
    {
        TcpInfo? last = _last;
        _last = now;
        List<string> parts = [State(now.State)];
        void Add(string text, object value, object? before)
        {
            if (last is null || last.Value.State == TcpState.SynSent || !value.Equals(before))
                parts.Add(text);
        }

        bool isOpen = now.State is not (TcpState.SynSent or TcpState.Closed);
        if (isOpen)
        {
            Add($"rtt {Milliseconds(now.RoundTripTime)} (+/- {Milliseconds(now.RoundTripVariation)})", now.RoundTripTime, last?.RoundTripTime);
            Add($"mss {now.SendSegmentMax}", now.SendSegmentMax, last?.SendSegmentMax);
            Add($"cwnd {now.CongestionWindow}", now.CongestionWindow, last?.CongestionWindow);
            Add($"mtu {now.PathMtu}", now.PathMtu, last?.PathMtu);
        }

        if (isOpen || now.Retransmits > 0)
            Add($"retransmits {now.Retransmits}", now.Retransmits, last?.Retransmits);
        return string.Join(", ", parts);
    }

    private static string Segment(CapturedPacket packet)
    {
        List<string> parts = [];
        if (packet.Icmp is { } icmp)
            return $"{(icmp.AddressFamily == AddressFamily.InterNetwork ? "ICMP" : "ICMPv6")} from {packet.Source.Address}: {icmp.Explain()}";
        if (packet.Tcp is not { } tcp)
            return $"UDP, {Count(packet.PayloadLength)}";
        parts.Add(Flags(tcp.Flags));
        parts.Add($"seq {packet.RelativeSequenceNumber ?? tcp.SequenceNumber}");
        if ((tcp.Flags & TcpFlags.Ack) != 0)
            parts.Add($"ack {packet.RelativeAcknowledgmentNumber ?? tcp.AcknowledgmentNumber}");
        parts.Add($"win {tcp.Window}");
        if (packet.PayloadLength > 0)
            parts.Add($"len {packet.PayloadLength}");
        if (Options(tcp.Options) is { Length: > 0 } options)
            parts.Add($"<{options}>");
        return string.Join(' ', parts);
    }

    private static string Options(TcpOptions options)
    {
        List<string> parts = [];
        if (options.MaximumSegmentSize is { } size)
            parts.Add($"mss {size}");
        if (options.SackPermitted)
            parts.Add("sackOK");
        if (options.Timestamps is not null && options.MaximumSegmentSize is not null)
            parts.Add("timestamps");
        if (options.WindowScale is { } scale)
            parts.Add($"wscale {scale}");
        if (options.SackBlocks.Count > 0)
            parts.Add($"sack {options.SackBlocks.Count}");
        return string.Join(", ", parts);
    }

    /// <summary>In the order in which tcpdump and the RFC's figures write them: SYN ACK, FIN ACK.</summary>
    internal static string Flags(TcpFlags flags)
    {
        (TcpFlags Flag, string Name)[] names =
        [
            (TcpFlags.Syn, "SYN"), (TcpFlags.Fin, "FIN"), (TcpFlags.Rst, "RST"), (TcpFlags.Psh, "PSH"), (TcpFlags.Ack, "ACK"),
            (TcpFlags.Urg, "URG"), (TcpFlags.Ece, "ECE"), (TcpFlags.Cwr, "CWR"),
        ];
        return string.Join(' ', names.Where(name => (flags & name.Flag) != 0).Select(name => name.Name));
    }

    /// <summary>As RFC 9293 writes them.</summary>
    internal static string State(TcpState state) => state switch
    {
        TcpState.Established => "ESTABLISHED",
        TcpState.SynSent => "SYN-SENT",
        TcpState.SynReceived => "SYN-RECEIVED",
        TcpState.FinWait1 => "FIN-WAIT-1",
        TcpState.FinWait2 => "FIN-WAIT-2",
        TcpState.TimeWait => "TIME-WAIT",
        TcpState.Closed => "CLOSED",
        TcpState.CloseWait => "CLOSE-WAIT",
        TcpState.LastAck => "LAST-ACK",
        TcpState.Listen => "LISTEN",
        TcpState.Closing => "CLOSING",
        _ => $"{state}",
    };

    private static string Count(long? bytes) => bytes == 1 ? "1 byte" : $"{bytes ?? 0} bytes";

    private static string Milliseconds(TimeSpan? time) => string.Create(CultureInfo.InvariantCulture, $"{time?.TotalMilliseconds:0.000} ms");
}
