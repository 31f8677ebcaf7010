using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Sockeye.Tests.Capturing;
using static Sockeye.Tests.Replaying.Segments;

namespace Sockeye.Tests.Replaying;

public class TcpReassemblerTests
{
    private readonly Segments _segments = new();

    [Fact]
    public void A_connection_is_what_each_said_and_how_it_ended()
    {
        Transcript transcript = Assert.Single(Read(
        [
            .. _segments.Handshake(100, 500),
            _segments.FromClient(101, "ask"), _segments.FromServer(501), _segments.FromServer(501, "answer"),
            _segments.FromClient(104, flags: TcpFlags.Fin | TcpFlags.Ack), _segments.FromServer(507, "!", TcpFlags.Fin | TcpFlags.Ack), _segments.FromClient(105),
        ]));
        Assert.Equal([">ask", "<answer", ">END", "<!", "<END"], Summary(transcript));
        Assert.Equal(("192.0.2.1:40000", "192.0.2.2:80"), ($"{transcript.Client}", $"{transcript.Server}"));
        Assert.Equal((1, false, 3L, 7L, 0), (transcript.Number, transcript.IsSideGuessed, transcript.ClientLength, transcript.ServerLength, transcript.Gaps.Count));
        Assert.Equal(Start.AddSeconds(5), transcript.Events[1].Time);
    }

    [Fact]
    public void What_comes_early_waits_and_what_comes_again_is_dropped()
    {
        Transcript transcript = Assert.Single(Read(
        [
            .. _segments.Handshake(100, 500),
            _segments.FromClient(107, "g", TcpFlags.Fin), _segments.FromClient(104, "def"), _segments.FromClient(104, "d"), _segments.FromClient(101, "ab"),
            _segments.FromClient(101, "abc"), _segments.FromClient(101, "abc"), _segments.FromClient(100, "\0"), _segments.FromClient(107, "g", TcpFlags.Fin),
        ]));
        Assert.Equal([">ab", ">c", ">def", ">g", ">END"], Summary(transcript));
        Assert.Empty(transcript.Gaps);
    }

    [Fact]
    public void Of_bytes_that_overlap_the_first_count()
    {
        Transcript transcript = Assert.Single(Read(
            [.. _segments.Handshake(100, 500), _segments.FromClient(101, "abcd"), _segments.FromClient(103, "XYef"), _segments.FromClient(110, "jk"), _segments.FromClient(107, "ghiZZl")]));
        Assert.Equal("abcdefghiZZl", string.Concat(Summary(transcript).Select(each => each[1..])));
    }

    [Fact]
    public void Sequence_numbers_run_over()
    {
        Transcript transcript = Assert.Single(Read(
        [
            .. _segments.Handshake(uint.MaxValue - 3, uint.MaxValue),
            _segments.FromClient(1, "ef"), _segments.FromClient(uint.MaxValue - 2, "abcd"), _segments.FromClient(uint.MaxValue - 2, "abcd"), _segments.FromServer(0, "x"),
        ]));
        Assert.Equal([">abcd", ">ef", "<x"], Summary(transcript));
    }

    [Theory]
    [InlineData("192.0.2.1:40000", "192.0.2.2:80", ">ask")]
    [InlineData("192.0.2.1:80", "192.0.2.2:40000", "<ask")]
    [InlineData("192.0.2.1:7", "192.0.2.2:7", ">ask")]
    public void Without_its_beginning_the_higher_port_is_the_clients(string first, string second, string expected)
    {
        Segments segments = new(first, second);
        Transcript transcript = Assert.Single(Read(segments.FromClient(7000, "ask"), segments.FromServer(9000, "answer")));
        Assert.Equal(expected, Summary(transcript)[0]);
        Assert.True(transcript.IsSideGuessed);
        Assert.Empty(transcript.Gaps);
    }

    [Fact]
    public void The_answer_to_a_SYN_tells_the_server()
    {
        Segments segments = new("192.0.2.1:7", "192.0.2.2:40000");
        Transcript transcript = Assert.Single(Read(segments.FromServer(500, flags: TcpFlags.Syn | TcpFlags.Ack), segments.FromClient(101, "ask")));
        Assert.Equal([">ask"], Summary(transcript));
        Assert.False(transcript.IsSideGuessed);
    }

    [Fact]
    public void What_is_missing_is_told_with_its_place()
    {
        Transcript transcript = Assert.Single(Read(
        [
            .. _segments.Handshake(100, 500), _segments.FromClient(101, "abc"), _segments.FromClient(109, "ij"), _segments.FromClient(120, flags: TcpFlags.Fin),
            _segments.FromServer(501, "all"), _segments.FromServer(504, flags: TcpFlags.Fin),
        ]));
        Assert.Equal([">abc", "<all", "<END", ">ij", ">END"], Summary(transcript));
        Assert.Equal([new TranscriptGap(true, 3, 5), new TranscriptGap(true, 10, 9)], transcript.Gaps);
    }

    [Fact]
    public void A_packet_that_was_cut_leaves_a_gap_unless_it_comes_again()
    {
        TcpReassembler reassembler = new();
        Transcript transcript = Assert.Single(Read(
            reassembler, [.. _segments.Handshake(100, 500), _segments.FromClient(101, "abcdef", missing: 4), _segments.FromClient(107, "g"), _segments.FromServer(501, "abcdef", TcpFlags.Fin, missing: 6)]));
        Assert.Equal([new TranscriptGap(true, 2, 4), new TranscriptGap(false, 0, 6)], transcript.Gaps);
        Assert.Equal([">ab", ">g", "<END"], Summary(transcript));
        Assert.Equal((6L, 2L, 0L), (reassembler.Packets, reassembler.CutPackets, reassembler.OtherPackets));

        Assert.Empty(Assert.Single(Read([.. _segments.Handshake(100, 500), _segments.FromClient(101, "abcdef", missing: 4), _segments.FromClient(103, "cdef"), _segments.FromClient(107, "g")])).Gaps);
    }

    [Fact]
    public void Ends_that_are_used_again_are_another_connection()
    {
        IReadOnlyList<Transcript> all = Read(
        [
            .. _segments.Handshake(100, 500), _segments.FromClient(100, flags: TcpFlags.Syn), _segments.FromClient(101, "one"),
            _segments.FromClient(104, flags: TcpFlags.Rst), _segments.FromClient(104, "late"),
            .. _segments.Handshake(9000, 10000), _segments.FromClient(9001, "two"), _segments.FromServer(10001, "x", TcpFlags.Fin), _segments.FromClient(9004, flags: TcpFlags.Fin),
            .. _segments.Handshake(100, 500), _segments.FromServer(501, "three"),
        ]);
        Assert.Equal([">one >RESET", ">two <x <END >END", "<three"], all.Select(each => string.Join(' ', Summary(each))));
        Assert.Equal([1, 2, 3], all.Select(each => each.Number));
    }

    [Fact]
    public void Connections_between_others_are_kept_apart()
    {
        Segments other = new("[2001:db8::1]:40000", "[2001:db8::2]:80"), third = new("192.0.2.1:40001");
        IReadOnlyList<Transcript> all = Read(
        [
            .. _segments.Handshake(1, 1), .. other.Handshake(1, 1), _segments.FromClient(2, "a"), other.FromClient(2, "b"), third.FromClient(2, "c"), other.FromServer(2, "B"), _segments.FromServer(2, "A"),
        ]);
        Assert.Equal([">a <A", ">b <B", ">c"], all.Select(each => string.Join(' ', Summary(each))));
    }

    [Fact]
    public void What_is_no_segment_is_counted()
    {
        TcpReassembler reassembler = new();
        byte[] fragment = _segments.FromClient(1, "x").Bytes.ToArray();
        fragment[7] = 1;
        foreach (byte[] bytes in new[] { CaptureFiles.IPv4Packet, fragment, [0x45], [] })
            reassembler.Add(new PcapPacket { Time = Start, Bytes = bytes });
        Assert.Empty(reassembler.Complete());
        Assert.Equal((4L, 4L), (reassembler.Packets, reassembler.OtherPackets));
    }

    [Fact]
    public void All_has_a_limit()
    {
        TcpReassembler connections = new(connectionsMax: 1);
        connections.Add(_segments.FromClient(1, "a"));
        Assert.Throws<ProtocolException>(() => connections.Add(new Segments("192.0.2.9:1").FromClient(1, "a")));

        TcpReassembler bytes = new(bytesMax: 10);
        bytes.Add(_segments.FromClient(1, "0123456789"));
        Assert.Throws<ProtocolException>(() => bytes.Add(_segments.FromClient(11, "x")));
    }

    /// <summary>Bytes that wait for one that never comes are given up for lost before they are too many.</summary>
    [Fact]
    public void What_waits_has_a_limit()
    {
        const int Size = 60_000;
        TcpReassembler reassembler = new();
        foreach (PcapPacket packet in _segments.Handshake(0, 0))
            reassembler.Add(packet);
        string data = new('x', Size);
        int count = (ReassembledStream.WaitingBytesMax / Size) + 1;
        for (int i = 0; i < count; i++)
            reassembler.Add(_segments.FromClient((uint)(2 + (i * Size)), data));
        reassembler.Add(_segments.FromServer(1, "then"));
        Transcript transcript = Assert.Single(reassembler.Complete());
        Assert.Equal(new TranscriptGap(true, 0, 1), Assert.Single(transcript.Gaps));
        Assert.Equal("<then", Summary(transcript)[^1]);
        Assert.Equal((long)count * Size, transcript.ClientLength);
    }

    /// <summary>Through files of others: Ethernet with a VLAN's tag, and Linux's "any".</summary>
    [Theory]
    [InlineData(1u, "AABBCCDDEEFF 001122334455 8100 0007 86DD")]
    [InlineData(113u, "0000 0001 0006 001122334455 0000 86DD")]
    public async Task Files_of_others_are_read(uint link, string header)
    {
        Segments segments = new("[2001:db8::1]:40000", "[2001:db8::2]:80");
        CaptureFiles file = new CaptureFiles(bigEndian: true).Pcap(0xA1B2C3D4, link);
        foreach (PcapPacket packet in (PcapPacket[])[.. segments.Handshake(100, 500), segments.FromClient(101, "hello")])
            file.Record(1, 2, [.. Convert.FromHexString(header.Replace(" ", "", StringComparison.Ordinal)), .. packet.Bytes.Span]);
        Assert.Equal([">hello"], Summary(Assert.Single(await Transcript.ReadAllAsync(PipeReader.Create(new ReadOnlySequence<byte>(file.Bytes))))));
    }

    [Fact]
    public void Whatever_was_recorded_comes_back_however_its_packets_are_mixed() => Prop.ForAll<int>(seed =>
    {
        Random random = new(seed);
        PacketList packets = new();
        FlowEnds ends = random.Next(2) == 0
            ? new(IPEndPoint.Parse("192.0.2.1:40000"), IPEndPoint.Parse("192.0.2.2:80")) : new(IPEndPoint.Parse("[2001:db8::1]:40000"), IPEndPoint.Parse("[2001:db8::2]:80"));
        bool nearConnects = random.Next(2) == 0;
        TcpFlow flow = new(ends, nearConnects, random.Next(1, 10_000), new PacketBuilder(), packets);
        flow.Open(Start, Start);
        List<byte>[] sent = [[], []];
        for (int step = random.Next(40); step > 0; step--)
        {
            bool fromNear = random.Next(2) == 0;
            byte[] data = new byte[random.Next(5) == 0 ? random.Next(100_000) : random.Next(100)];
            random.NextBytes(data);
            flow.Data(Start, fromNear, sent[fromNear ? 1 : 0].Count, data);
            sent[fromNear ? 1 : 0].AddRange(data);
        }

        if (random.Next(2) == 0)
        {
            flow.End(Start, fromNear: true, sent[1].Count);
            flow.End(Start, fromNear: false, sent[0].Count);
        }

        List<PcapPacket> mixed = [.. Enumerable.Range(0, packets.Count).Select(index => new PcapPacket { Time = packets.Time(index), Bytes = packets.Bytes(index) })];
        for (int index = 3; index < mixed.Count; index++)
        {
            int other = random.Next(index, Math.Min(mixed.Count, index + 8));
            (mixed[index], mixed[other]) = (mixed[other], mixed[index]);
            if (random.Next(4) == 0)
                mixed.Insert(random.Next(index, mixed.Count), mixed[index]);
            if (mixed.Count > 3 * packets.Count)
                break;
        }

        Transcript transcript = Assert.Single(Read(new TcpReassembler(), mixed));
        Assert.Empty(transcript.Gaps);
        Assert.Equal((nearConnects ? ends.Near : ends.Far, nearConnects ? ends.Far : ends.Near), (transcript.Client, transcript.Server));
        Assert.Equal(sent[nearConnects ? 1 : 0], Bytes(transcript, fromClient: true));
        Assert.Equal(sent[nearConnects ? 0 : 1], Bytes(transcript, fromClient: false));
        Assert.Equal(flow.IsOver ? 2 : 0, transcript.Events.Count(each => each.Kind == TranscriptEventKind.End));
    }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(60));

    /// <summary>Segments that no TCP sends: whatever they are, each byte of a stream is there once or in a gap, and ends come once.</summary>
    [Fact]
    public void Whatever_comes_makes_streams() => Prop.ForAll<int>(seed =>
    {
        Random random = new(seed);
        TcpFlags[] flags = [TcpFlags.Ack, TcpFlags.Ack, TcpFlags.Ack, TcpFlags.Fin, TcpFlags.Syn, TcpFlags.Syn | TcpFlags.Ack, TcpFlags.Rst];
        TcpReassembler reassembler = new();
        for (int i = random.Next(60); i > 0; i--)
        {
            uint sequence = random.Next(10) == 0 ? (uint)random.NextInt64(uint.MaxValue) : unchecked((uint)random.Next(-20, 40));
            string data = new('x', random.Next(30));
            int missing = random.Next(4) == 0 ? random.Next(data.Length + 1) : 0;
            TcpFlags chosen = flags[random.Next(flags.Length)];
            reassembler.Add(random.Next(2) == 0 ? _segments.FromClient(sequence, data, chosen, missing) : _segments.FromServer(sequence, data, chosen, missing));
        }

        foreach (Transcript transcript in reassembler.Complete())
        {
            Assert.All(transcript.Gaps, gap => Assert.True(gap.Offset >= 0 && gap.Length > 0));
            foreach (bool fromClient in new[] { true, false })
            {
                Assert.InRange(transcript.Events.Count(each => each.FromClient == fromClient && each.Kind == TranscriptEventKind.End), 0, 1);
                Assert.Equal(fromClient ? transcript.ClientLength : transcript.ServerLength, Bytes(transcript, fromClient).Count);
                long[] ends = [.. transcript.Gaps.Where(gap => gap.FromClient == fromClient).Select(gap => gap.Offset + gap.Length)];
                Assert.Equal(ends.Order(), ends);
            }
        }
    }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(300));

    private static List<byte> Bytes(Transcript transcript, bool fromClient) =>
        [.. transcript.Events.Where(each => each.FromClient == fromClient).SelectMany(each => each.Data.ToArray())];
}
