using System.Net;
using FsCheck;
using FsCheck.Fluent;

namespace Sockeye.Tests.Capturing;

public class TcpFlowTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly FlowEnds Ends4 = new(IPEndPoint.Parse("192.0.2.1:40000"), IPEndPoint.Parse("192.0.2.2:80"));
    private static readonly FlowEnds Ends6 = new(IPEndPoint.Parse("[2001:db8::1]:40000"), IPEndPoint.Parse("[2001:db8::2]:80"));

    private readonly PacketList _packets = new();

    [Fact]
    public void A_connection_is_a_handshake_its_data_and_its_end()
    {
        TcpFlow flow = Connected();
        flow.Data(Start, fromNear: true, 0, "ask"u8);
        flow.Data(Start, fromNear: false, 0, "answer"u8);
        flow.End(Start, fromNear: true, 3);
        flow.End(Start, fromNear: false, 6);

        Assert.Equal(
            ["-> Syn 0", "<- Syn Ack 0", "-> Ack 0", "-> Psh Ack 3", "<- Psh Ack 6", "-> Fin Ack 0", "<- Ack 0", "<- Fin Ack 0", "-> Ack 0"],
            _packets.Summary());
        Assert.True(flow.IsOver);
        _packets.AssertSound();
    }

    [Fact]
    public void An_accepted_connection_begins_at_the_peer()
    {
        Flow(connects: false).Open(Start, Start);
        Assert.Equal(["<- Syn 0", "-> Syn Ack 0", "<- Ack 0"], _packets.Summary());
    }

    [Fact]
    public void A_write_that_fits_no_packet_is_cut_and_pushed_at_its_end()
    {
        Connected().Data(Start, fromNear: true, 0, new byte[PacketBuilder.SegmentDataMax + 1]);
        Assert.Equal(["-> Ack 65495", "-> Psh Ack 1"], _packets.Summary().Skip(3));
        Assert.Equal(65535, _packets.Bytes(3).Length);
        _packets.AssertSound();
    }

    [Fact]
    public void A_gap_in_the_positions_is_a_gap_in_the_sequence_numbers()
    {
        TcpFlow flow = Connected();
        flow.Data(Start, fromNear: true, 0, "a"u8);
        flow.Data(Start, fromNear: true, 1001, "b"u8);
        Assert.Equal(1001u, unchecked(_packets.Tcp(4).SequenceNumber - _packets.Tcp(3).SequenceNumber));
    }

    [Fact]
    public void Sequence_numbers_run_over()
    {
        TcpFlow flow = Connected();
        flow.Data(Start, fromNear: true, uint.MaxValue, "ab"u8);
        flow.Data(Start, fromNear: true, uint.MaxValue + 2L, "c"u8);
        Assert.Equal("<- Ack 0", _packets.Summary().ElementAt(4));
        Assert.Equal(unchecked(_packets.Tcp(3).SequenceNumber + 2), _packets.Tcp(5).SequenceNumber);
    }

    [Fact]
    public void What_goes_one_way_only_is_acknowledged_before_a_window_can_be_full()
    {
        TcpFlow flow = Connected();
        for (int i = 0; i < 64; i++)
            flow.Data(Start, fromNear: true, i * 60_000L, new byte[60_000]);
        uint acknowledged = _packets.Tcp(2).SequenceNumber;
        for (int index = 3; index < _packets.Count; index++)
        {
            TcpView tcp = _packets.Tcp(index);
            if (_packets.SourceOf(index).Port == 80)
                acknowledged = tcp.AcknowledgmentNumber;
            else
                Assert.True(unchecked(tcp.SequenceNumber - acknowledged) < 512 * 1024);
        }
    }

    [Theory]
    [InlineData(true, "-> Rst Ack 0")]
    [InlineData(false, "<- Rst Ack 0")]
    public void A_reset_is_its_senders(bool fromNear, string expected)
    {
        TcpFlow flow = Connected();
        flow.Reset(Start, fromNear);
        flow.End(Start, fromNear: true, 0);
        flow.Reset(Start, fromNear: true);
        Assert.Equal([expected], _packets.Summary().Skip(3));
    }

    [Fact]
    public void After_both_ends_there_is_nothing_to_reset()
    {
        TcpFlow flow = Connected();
        flow.End(Start, fromNear: true, 0);
        flow.End(Start, fromNear: false, 0);
        int before = _packets.Count;
        flow.Reset(Start, fromNear: true);
        Assert.Equal(before, _packets.Count);
    }

    [Fact]
    public void A_flow_seen_in_mid_stream_says_that_its_handshake_is_made_up()
    {
        Flow(connects: true).Data(Start, fromNear: false, 500, "x"u8);
        Assert.Equal(["-> Syn 0", "<- Syn Ack 0", "-> Ack 0", "<- Psh Ack 1"], _packets.Summary());
        Assert.Contains("made up", Assert.Single(_packets.CommentsOf(0)), StringComparison.Ordinal);
    }

    /// <summary>What was said before it was seen is no hole: no reader could do anything about it.</summary>
    [Fact]
    public void A_flow_seen_in_mid_stream_begins_with_what_is_seen_first()
    {
        TcpFlow flow = Flow(connects: true);
        flow.Data(Start, fromNear: false, 500, "x"u8);
        flow.Data(Start, fromNear: true, 7000, "yz"u8);
        flow.Data(Start, fromNear: false, 501, "z"u8);
        Assert.Equal("xz", System.Text.Encoding.ASCII.GetString(_packets.Stream(fromNear: false)));
        Assert.Equal("yz", System.Text.Encoding.ASCII.GetString(_packets.Stream(fromNear: true)));
        Assert.Equal(unchecked(_packets.Tcp(0).SequenceNumber + 1), _packets.Tcp(4).SequenceNumber);
        Assert.Equal((502, 7002), (flow.Position(fromNear: false), flow.Position(fromNear: true)));
        Assert.DoesNotContain(_packets.Comments, comment => comment.Contains("missing", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_bytes_are_missing_a_comment_says_so()
    {
        TcpFlow flow = Connected();
        flow.Data(Start, fromNear: true, 0, "ab"u8);
        int hole = _packets.Count;
        flow.Data(Start, fromNear: true, 10, "c"u8);
        flow.Data(Start, fromNear: true, 11, "d"u8);
        flow.End(Start, fromNear: true, 13);
        Assert.Equal(unchecked(_packets.Tcp(hole - 1).SequenceNumber + 10), _packets.Tcp(hole).SequenceNumber);
        Assert.Equal("8 bytes are missing before this", Assert.Single(_packets.CommentsOf(hole)));
        Assert.Empty(_packets.CommentsOf(hole + 1));
        Assert.Equal("1 byte is missing before this", Assert.Single(_packets.CommentsOf(hole + 2)));
    }

    [Fact]
    public void In_the_next_file_it_begins_again_with_its_sequence_numbers_and_its_half_close()
    {
        TcpFlow flow = Connected();
        flow.Data(Start, fromNear: true, 0, "abc"u8);
        flow.End(Start, fromNear: true, 3);
        _packets.HeldFrom = _packets.Count;
        int first = _packets.Count;
        flow.Data(Start, fromNear: false, 0, "d"u8);

        Assert.Equal(["-> Syn 0", "<- Syn Ack 0", "-> Ack 0", "-> Fin Ack 0", "<- Ack 0", "<- Psh Ack 1"], _packets.Summary().Skip(first));
        Assert.Equal(unchecked(_packets.Tcp(3).SequenceNumber + 3), _packets.Tcp(first + 3).SequenceNumber);
        Assert.Contains("made up", Assert.Single(_packets.CommentsOf(first)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_write_over_the_edge_of_a_file_has_a_handshake_in_both()
    {
        using MemoryFiles files = new();
        using (PcapngOutput output = new(files, secrets: null, error => Assert.Fail(error.Message)))
        {
            TcpFlow flow = new(Ends4, nearConnects: true, 7, new PacketBuilder(), output);
            flow.Open(Start, Start);
            flow.Data(Start, fromNear: true, 0, new byte[500_000]);
            flow.Data(Start, fromNear: false, 0, new byte[500_000]);
            flow.End(Start, fromNear: true, 500_000);
        }

        Assert.InRange(files.All.Count, 4, 10);
        long total = 0;
        foreach (IReadOnlyList<PcapPacket> packets in files.All.Select(MemoryFiles.Read))
        {
            PacketList list = new();
            foreach (PcapPacket packet in packets)
                list.Write(new SyntheticPacket { Time = packet.Time, IsOutbound = packet.IsOutbound!.Value, Bytes = packet.Bytes.Span });
            Assert.Equal(["-> Syn 0", "<- Syn Ack 0", "-> Ack 0"], list.Summary().Take(3));
            total += list.Stream(fromNear: true).Length + list.Stream(fromNear: false).Length;
        }

        Assert.Equal(1_000_000, total);
    }

    [Theory]
    [InlineData(true, new[] { "-> Syn 0", "<- Rst Ack 0" })]
    [InlineData(false, new[] { "-> Syn 0" })]
    public void A_connect_in_vain_is_a_SYN(bool refused, string[] expected)
    {
        Flow(connects: true).OpenInVain(Start, Start, refused);
        Assert.Equal(expected, _packets.Summary());
    }

    [Fact]
    public void Comments_go_with_the_next_packet_and_have_a_limit()
    {
        TcpFlow flow = Connected();
        for (int i = 0; i < TcpFlow.CommentsMax + 10; i++)
            flow.Comment($"{i}");
        flow.Data(Start, fromNear: true, 0, "a"u8);
        Assert.Equal(TcpFlow.CommentsMax, _packets.CommentsOf(3).Length);
        flow.Data(Start, fromNear: true, 1, "b"u8);
        Assert.Empty(_packets.CommentsOf(4));
    }

    [Fact]
    public void What_comes_after_the_end_is_said_and_not_written()
    {
        TcpFlow flow = Connected();
        flow.End(Start, fromNear: true, 0);
        flow.Data(Start, fromNear: true, 0, "late"u8);
        flow.End(Start, fromNear: false, 0);
        Assert.Contains(_packets.Comments, comment => comment.StartsWith("4 more bytes", StringComparison.Ordinal));
        Assert.Empty(_packets.Stream(fromNear: true));
    }

    [Fact]
    public void Whatever_is_done_the_streams_are_in_the_segments() => Prop.ForAll<int>(seed =>
    {
        Random random = new(seed);
        PacketList packets = new();
        TcpFlow flow = new(random.Next(2) == 0 ? Ends4 : Ends6, random.Next(2) == 0, random.Next(1, 10_000), new PacketBuilder(), packets);
        if (random.Next(2) == 0)
            flow.Open(Start, Start);
        List<byte>[] sent = [[], []];
        for (int step = random.Next(60); step > 0; step--)
        {
            bool fromNear = random.Next(2) == 0;
            List<byte> stream = sent[fromNear ? 1 : 0];
            if (random.Next(20) == 0)
            {
                flow.End(Start, fromNear, stream.Count);
                break;
            }

            byte[] data = new byte[random.Next(5) == 0 ? random.Next(200_000) : random.Next(100)];
            random.NextBytes(data);
            flow.Data(Start, fromNear, stream.Count, data);
            stream.AddRange(data);
        }

        if (packets.Count == 0)
            return;
        packets.AssertSound();
        Assert.Equal(sent[1].ToArray(), packets.Stream(fromNear: true));
        Assert.Equal(sent[0].ToArray(), packets.Stream(fromNear: false));
    }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(60));

    private TcpFlow Flow(bool connects) => new(Ends4, connects, 7, new PacketBuilder(), _packets);

    private TcpFlow Connected()
    {
        TcpFlow flow = Flow(connects: true);
        flow.Open(Start, Start);
        return flow;
    }
}
