using System.Net;
using System.Text.Json;
using Sockeye.Cli.Tracing;

namespace Sockeye.Cli.Tests.Tracing;

public class TraceReportTests
{
    private static readonly DateTimeOffset Start = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private static readonly TcpInfo Kernel = new()
    {
        State = TcpState.Established,
        RoundTripTime = TimeSpan.FromMicroseconds(30),
        RoundTripVariation = TimeSpan.FromMicroseconds(15),
        SendSegmentMax = 1448,
        CongestionWindow = 10,
        PathMtu = 1500,
    };

    [Fact]
    public void The_kernel_is_told_whole_and_then_what_has_changed()
    {
        TraceText text = new(() => 80);
        Assert.Equal("     0.500  kernel     ESTABLISHED, rtt 0.030 ms (+/- 0.015 ms), mss 1448, cwnd 10, mtu 1500, retransmits 0", Print(text, Kernel));
        Assert.Equal("     0.500  kernel     CLOSE-WAIT, retransmits 2", Print(text, Kernel with { State = TcpState.CloseWait, Retransmits = 2 }));
        Assert.Equal("     0.500  kernel     LAST-ACK, cwnd 1", Print(text, Kernel with { State = TcpState.LastAck, Retransmits = 2, CongestionWindow = 1 }));
    }

    [Fact]
    public void A_segment_is_told_in_relative_numbers()
    {
        TcpHeader syn = new() { Flags = TcpFlags.Syn, Window = 64240, SequenceNumber = 4_000_000_000, Options = new TcpOptions { MaximumSegmentSize = 1460, SackPermitted = true, WindowScale = 7 } };
        Assert.Equal("     0.500    ->       SYN seq 0 win 64240 <mss 1460, sackOK, wscale 7>", Print(Packet(syn, isFromRemote: false) with { RelativeSequenceNumber = 0 }));
        TcpHeader answer = new() { Flags = TcpFlags.Psh | TcpFlags.Ack, Window = 512, SequenceNumber = 4_000_000_000, AcknowledgmentNumber = 7 };
        Assert.Equal("     0.500    <-       PSH ACK seq 1 ack 6 win 512 len 10",
            Print(Packet(answer, isFromRemote: true) with { RelativeSequenceNumber = 1, RelativeAcknowledgmentNumber = 6, PayloadLength = 10 }));
    }

    [Fact]
    public void Bytes_are_escaped_and_cut_to_the_width()
    {
        TraceStep received = new(TraceStepKind.Received) { Bytes = 100, Preview = [.. "\u001b[31m"u8, .. new byte[95].Select(_ => (byte)'x')] };
        string line = new TraceText(() => 60).Format(received, Start);
        Assert.StartsWith("     0.000  received   100 bytes: \\x1b[31mxxx", line, StringComparison.Ordinal);
        Assert.EndsWith("…", line, StringComparison.Ordinal);
        Assert.Equal(60, line.Length);
    }

    /// <summary>A sentence has its strangers' words escaped already; bytes have not, and a backslash among them is one that was sent.</summary>
    [Fact]
    public void Nothing_is_escaped_twice()
    {
        TraceText text = new(() => 80);
        string failed = text.Format(new TraceStep(TraceStepKind.Failed) { Message = "the folder \"a\\u{1B}b\" is no folder\u001b[2J" }, Start);
        Assert.Equal("     0.000  failed     the folder \"a\\u{1B}b\" is no folder\\x1b[2J", failed);
        string tls = text.Format(new TraceStep(TraceStepKind.Protocol) { Protocol = "TLS", Parameters = [new("subject", "O=Salmon\\, Inc\n")] }, Start);
        Assert.Contains("subject O=Salmon\\, Inc\\n, in ", tls, StringComparison.Ordinal);
        Assert.EndsWith(@"2 bytes: \\n", text.Format(new TraceStep(TraceStepKind.Sent) { Bytes = 2, Preview = @"\n"u8.ToArray() }, Start), StringComparison.Ordinal);
        Assert.EndsWith(@"1 byte: \n", text.Format(new TraceStep(TraceStepKind.Sent) { Bytes = 1, Preview = "\n"u8.ToArray() }, Start), StringComparison.Ordinal);
    }

    [Fact]
    public void An_ICMP_error_is_told_with_who_sent_it()
    {
        IPEndPoint here = new(IPAddress.Loopback, 2), there = new(IPAddress.Loopback, 1);
        CapturedPacket error = Packet(default, isFromRemote: true) with
        {
            Tcp = null,
            Source = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0),
            Destination = new IPEndPoint(here.Address, 0),
            Icmp = new IcmpHeader(System.Net.Sockets.AddressFamily.InterNetwork, 3, 1),
            QuotedSource = here,
            QuotedDestination = there,
        };
        Assert.Equal("     0.500    <-       ICMP from 192.0.2.1: no route to the host", Print(error));
        JsonElement json = Json(new TraceStep(TraceStepKind.Segment) { Packet = error, IsByPeer = true, Bytes = 28 });
        Assert.Equal(("192.0.2.1", "127.0.0.1", 3, 1, "no route to the host"), (
            json.GetProperty("from").GetString(), json.GetProperty("to").GetString(), json.GetProperty("type").GetInt32(), json.GetProperty("code").GetInt32(), json.GetProperty("message").GetString()));
    }

    [Fact]
    public void Json_has_the_same()
    {
        JsonElement kernel = Json(new TraceStep(TraceStepKind.Kernel) { At = TimeSpan.FromMilliseconds(1.5), Kernel = Kernel });
        Assert.Equal((1, "kernel", "2026-02-03T04:05:06.0015000Z", 1.5), (kernel.GetProperty("schema").GetInt32(), kernel.GetProperty("event").GetString(), kernel.GetProperty("time").GetString(), kernel.GetProperty("at").GetDouble()));
        Assert.Equal(("ESTABLISHED", 0.03, 1448, 10, 0, 1500), (
            kernel.GetProperty("state").GetString(), kernel.GetProperty("rtt").GetDouble(), kernel.GetProperty("mss").GetInt32(),
            kernel.GetProperty("cwnd").GetInt32(), kernel.GetProperty("retransmits").GetInt32(), kernel.GetProperty("mtu").GetInt32()));

        CapturedPacket packet = Packet(new TcpHeader { Flags = TcpFlags.Syn | TcpFlags.Ack, Window = 5, AcknowledgmentNumber = 9 }, isFromRemote: true) with { RelativeSequenceNumber = 0, RelativeAcknowledgmentNumber = 1 };
        JsonElement segment = Json(new TraceStep(TraceStepKind.Segment) { Packet = packet, IsByPeer = true, Bytes = 0 });
        Assert.Equal(("segment", "received", "SYN ACK", 0, 1, "127.0.0.1:1"), (
            segment.GetProperty("event").GetString(), segment.GetProperty("direction").GetString(), segment.GetProperty("flags").GetString(),
            segment.GetProperty("seq").GetInt32(), segment.GetProperty("ack").GetInt32(), segment.GetProperty("from").GetString()));

        JsonElement sent = Json(new TraceStep(TraceStepKind.Sent) { Bytes = 2, Preview = [0xff, 0xfe] });
        Assert.Equal(("//4=", 2), (sent.GetProperty("base64").GetString(), sent.GetProperty("bytes").GetInt32()));
    }

    [Fact]
    public void Steps_are_written_in_the_order_of_their_times_and_only_so_many_wait()
    {
        Lines lines = new();
        Timeline timeline = new(lines, new TraceText(() => 80), TimeProvider.System);
        timeline.AddAt(new TraceStep(TraceStepKind.Notice) { Message = "second" }, TimeSpan.FromMilliseconds(2));
        timeline.AddAt(new TraceStep(TraceStepKind.Notice) { Message = "first" }, TimeSpan.FromMilliseconds(1));
        timeline.Flush();
        Assert.Equal(["     1.000  note       first", "     2.000  note       second"], lines.All);
        for (int i = 0; i < Timeline.WaitingMax + 3; i++)
            timeline.AddAt(new TraceStep(TraceStepKind.Reset), TimeSpan.Zero);
        timeline.Flush();
        Assert.Equal(2 + Timeline.WaitingMax + 1, lines.All.Length);
        Assert.EndsWith("3 steps came faster than they could be written, and were left out", lines.All[^1], StringComparison.Ordinal);
    }

    private static string Print(TraceText text, TcpInfo kernel) => text.Format(new TraceStep(TraceStepKind.Kernel) { At = TimeSpan.FromMilliseconds(0.5), Kernel = kernel }, Start);

    private static string Print(CapturedPacket packet) =>
        new TraceText(() => 80).Format(new TraceStep(TraceStepKind.Segment) { At = TimeSpan.FromMilliseconds(0.5), Packet = packet, IsByPeer = packet.IsFromRemote }, Start);

    private static JsonElement Json(TraceStep step) => JsonDocument.Parse(new TraceJson().Format(step, Start)).RootElement;

    private static CapturedPacket Packet(TcpHeader tcp, bool isFromRemote) => new()
    {
        Time = Start,
        Bytes = Array.Empty<byte>(),
        Source = new IPEndPoint(IPAddress.Loopback, 1),
        Destination = new IPEndPoint(IPAddress.Loopback, 2),
        IsFromRemote = isFromRemote,
        PayloadLength = 0,
        Tcp = tcp,
    };
}
