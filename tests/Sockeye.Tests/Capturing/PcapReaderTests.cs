using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Sockeye.Tests.Capturing;

public class PcapReaderTests
{
    private const uint Microseconds = 0xA1B2C3D4;
    private const uint Nanoseconds = 0xA1B23C4D;

    public static TheoryData<bool> BothByteOrders { get; } = [false, true];

    [Theory]
    [MemberData(nameof(BothByteOrders))]
    public void Pcap_is_read_in_both_byte_orders_and_resolutions(bool bigEndian)
    {
        PcapPacket micro = Assert.Single(Read(new CaptureFiles(bigEndian).Pcap(Microseconds, 101).Record(1, 500_000, CaptureFiles.IPv4Packet, missing: 9)));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1.5), micro.Time);
        Assert.Equal(CaptureFiles.IPv4Packet, micro.Bytes.ToArray());
        Assert.Equal(9, micro.MissingLength);
        Assert.Null(micro.IsOutbound);
        PcapPacket nano = Assert.Single(Read(new CaptureFiles(bigEndian).Pcap(Nanoseconds, 101).Record(uint.MaxValue, 999_999_900, CaptureFiles.IPv4Packet)));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(uint.MaxValue).AddTicks(9_999_999), nano.Time);
    }

    [Theory]
    [MemberData(nameof(BothByteOrders))]
    public void Pcapng_is_read_with_its_interfaces_sections_and_options(bool bigEndian)
    {
        byte[] outbound = bigEndian ? [0, 0, 0, 2] : [2, 0, 0, 0];
        CaptureFiles file = new CaptureFiles(bigEndian).Section()
            .Interface(101, 0, (2, "eth7"u8.ToArray()), (9, [9]))
            .Interface(101, 0, (9, [0x80 | 1]))
            .Block(0x0BAD0BAD, body => body.Put(7))
            .Packet(0, 1_500_000_000, CaptureFiles.IPv4Packet, (1, "seen"u8.ToArray()), (2, outbound))
            .Packet(1, 3, CaptureFiles.IPv4Packet)
            .Section()
            .Interface(101)
            .OldPacket(0, 1_500_000, CaptureFiles.IPv4Packet);
        List<PcapPacket> packets = Read(file);
        Assert.All(packets, packet => Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1.5), packet.Time));
        Assert.Equal([0, 1, 2], packets.Select(packet => packet.Interface));
        Assert.Equal("eth7", packets[0].InterfaceName);
        Assert.Equal(["seen"], packets[0].Comments);
        Assert.Equal([true, null, null], packets.Select(packet => packet.IsOutbound));
    }

    [Fact]
    public void Sections_of_two_byte_orders_may_follow_each_other()
    {
        byte[] file =
        [
            .. new CaptureFiles(true).Section().Interface(101).Packet(0, 1, CaptureFiles.IPv4Packet).Bytes,
            .. new CaptureFiles(false).Section().Interface(101).Packet(0, 2, CaptureFiles.IPv4Packet).Bytes,
        ];
        Assert.Equal([10, 20], Read(file).Select(packet => packet.Time.Ticks - DateTimeOffset.UnixEpoch.Ticks));
    }

    [Fact]
    public void Time_offsets_count()
    {
        CaptureFiles file = new CaptureFiles(false).Section().Interface(101, 0, (14, BitConverter.GetBytes(-60L))).Packet(0, 61_000_000, CaptureFiles.IPv4Packet);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1), Assert.Single(Read(file)).Time);
    }

    [Fact]
    public void Simple_packets_are_cut_where_the_interface_says()
    {
        CaptureFiles file = new CaptureFiles(false).Section().Interface(101, 20).SimplePacket([.. CaptureFiles.IPv4Packet.Take(20)], 21);
        PcapPacket packet = Assert.Single(Read(file));
        Assert.Equal(20, packet.Bytes.Length);
        Assert.Equal(1, packet.MissingLength);
    }

    public static TheoryData<int, string> Links { get; } = new()
    {
        { 12, "" },
        { 101, "" },
        { 0, "02000000" },
        { 0, "00000002" },
        { 108, "00000002" },
        { 1, "0102030405060708090A0B0C0800" },
        { 1, "0102030405060708090A0B0C8100000186DD"[..^4] + "0800" },
        { 1, "0102030405060708090A0B0C88A80001810000020800" },
        { 113, "00000001000600000000000000000800" },
        { 276, "0800000000000002000100060000000000000000" },
    };

    [Theory]
    [MemberData(nameof(Links))]
    public void What_stands_before_the_IP_header_is_taken_away(int link, string head)
    {
        PcapPacket packet = Assert.Single(Read(new CaptureFiles(false).Pcap(Microseconds, (uint)link).Record(0, 0, [.. Convert.FromHexString(head), .. CaptureFiles.IPv4Packet])));
        Assert.Equal(CaptureFiles.IPv4Packet, packet.Bytes.ToArray());
    }

    [Theory]
    [InlineData(1, "0102030405060708090A0B0C0806")]
    [InlineData(1, "0102")]
    [InlineData(1, "0102030405060708090A0B0C81000001810000018100000181000001810000010800")]
    [InlineData(113, "0000")]
    [InlineData(276, "0806")]
    [InlineData(105, "00")]
    public void What_is_no_IP_is_passed_over_and_counted(int link, string frame)
    {
        PcapReader reader = new();
        ReadOnlySequence<byte> input = new(new CaptureFiles(false).Pcap(Microseconds, (uint)link).Record(0, 0, Convert.FromHexString(frame)).Bytes);
        Assert.False(reader.TryRead(ref input, out _));
        reader.Complete(input);
        Assert.Equal(1, reader.Skipped);
    }

    public static TheoryData<string, byte[], string> MalformedFiles { get; } = new()
    {
        { "offset 0", "GET / HTTP/1.1\r\n"u8.ToArray(), "neither" },
        { "offset 0", [0x1F, 0x8B, 8, 0], "gzip" },
        { "offset 0", [], "empty" },
        { "offset 0", [0x0A, 0x0D, 0x0D, 0x0A, 28, 0, 0, 0, 1, 2, 3, 4], "byte order" },
        { "offset 24", new CaptureFiles(false).Pcap(Microseconds, 1).Put(0).Put(0).Put(int.MaxValue).Put(0).Bytes, "at most" },
        { "offset 24", new CaptureFiles(false).Pcap(Microseconds, 1).Put(0).Bytes, "ends within a packet" },
        { "offset 28", new CaptureFiles(false).Section().Put(5).Put(13).Bytes, "which none can have" },
        { "offset 28", new CaptureFiles(false).Section().Put(5).Put(0).Bytes, "which none can have" },
        { "offset 28", new CaptureFiles(false).Section().Put(5).Put(uint.MaxValue - 3).Bytes, "at most" },
        { "offset 28", new CaptureFiles(false).Section().Put(5).Put(12).Put(16).Bytes, "two lengths" },
        { "offset 28", new CaptureFiles(false).Section().Packet(0, 0, [0x45]).Bytes, "interface 0" },
        { "offset 28", new CaptureFiles(false).Section().Block(1, _ => { }).Bytes, "too short" },
        { "offset 28", new CaptureFiles(false).Section().Interface(101, 0, (9, [20])).Bytes, "resolution" },
        { "offset 28", new CaptureFiles(false).Section().Interface(101, 0, (9, [0xC0])).Bytes, "resolution" },
        { "offset 28", new CaptureFiles(false).Section().Block(1, body => body.Put16(1).Put16(0).Put(0).Put16(2).Put16(99)).Bytes, "option" },
        { "offset 48", new CaptureFiles(false).Section().Interface(101).Packet(0, ulong.MaxValue, [0x45]).Bytes, "no date" },
        { "offset 48", new CaptureFiles(false).Section().Interface(101).Block(6, body => body.Put(0).Put(0).Put(0).Put(99).Put(99)).Bytes, "runs over" },
        { "offset 48", new CaptureFiles(false).Section().Interface(101).Block(6, body => body.Put(0)).Bytes, "runs over" },
        { "offset 48", new CaptureFiles(false).Section().Interface(101).Block(6, body => body.Put(0).Put(0).Put(0).Put(uint.MaxValue).Put(1)).Bytes, "runs over" },
        { "offset 48", new CaptureFiles(false).Section().Interface(101).Block(3, body => body.Put(5)).Bytes, "runs over" },
        { "offset 48", new CaptureFiles(false).Section().Interface(101).Block(3, _ => { }).Bytes, "runs over" },
    };

    [Theory]
    [MemberData(nameof(MalformedFiles))]
    public void What_is_malformed_says_where_and_what(string offset, byte[] file, string what)
    {
        ProtocolException e = Assert.Throws<ProtocolException>(() => Read(file));
        Assert.Contains($"{offset}:", e.Message, StringComparison.Ordinal);
        Assert.Contains(what, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_and_interfaces_have_limits()
    {
        byte[] file = new CaptureFiles(false).Section().Interface(101).Packet(0, 0, new byte[100]).Bytes;
        Assert.Throws<ProtocolException>(() => Read(file, blockBytesMax: 100));
        Assert.Empty(Read(file, blockBytesMax: 200));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PcapReader(27));

        CaptureFiles many = new CaptureFiles(false).Section();
        for (int i = 0; i < PcapReader.InterfacesMax; i++)
            many.Interface(101);
        Assert.Empty(Read(many));
        Assert.Contains("interfaces", Assert.Throws<ProtocolException>(() => Read(many.Interface(101))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_anywhere_a_file_gives_the_packets_before_and_says_that_it_is_cut()
    {
        byte[] file = new CaptureFiles(true).Section().Interface(1, 0, (2, "eth0"u8.ToArray())).Packet(0, 1, CaptureFiles.IPv4Packet)
            .Packet(0, 2, [.. new byte[12], 8, 0, .. CaptureFiles.IPv4Packet], (1, "c"u8.ToArray())).Section().Bytes;
        HashSet<int> ends = [28, 28 + 32, 28 + 32 + 56, file.Length - 28, file.Length];
        for (int length = 0; length < file.Length; length++)
        {
            byte[] cut = file[..length];
            if (ends.Contains(length))
                Read(cut);
            else
                Assert.Throws<ProtocolException>(() => Read(cut));
        }
    }

    [Fact]
    public async Task However_it_arrives_the_packets_are_the_same()
    {
        CaptureFiles capture = new CaptureFiles(false).Section().Interface(101, 0, (9, [9]));
        for (uint i = 0; i < 20; i++)
            capture.Packet(0, i * 100, CaptureFiles.IPv4Packet, (1, Encoding.UTF8.GetBytes($"{i}")));
        Pipe pipe = new();
        Task writing = WriteByteByByteAsync(pipe.Writer, capture.Bytes);
        List<string> comments = [];
        await foreach (PcapPacket packet in PcapReader.ReadAsync(pipe.Reader, cancellationToken: TestContext.Current.CancellationToken))
            comments.Add($"{packet.Comments[0]}@{packet.Time.Ticks - DateTimeOffset.UnixEpoch.Ticks}");
        await writing;
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}@{i}"), comments);
    }

    [Fact]
    public void Random_bytes_are_packets_or_malformed_and_never_anything_else() => Prop.ForAll<int>(seed =>
    {
        Random random = new(seed);
        bool bigEndian = random.Next(2) == 0;
        byte[] file = random.Next(3) == 0
            ? new CaptureFiles(bigEndian).Pcap(Microseconds, (uint)random.Next(3)).Record(1, 2, CaptureFiles.IPv4Packet).Record(3, 4, CaptureFiles.IPv4Packet).Bytes
            : new CaptureFiles(bigEndian).Section().Interface(1, 40, (2, "eth0"u8.ToArray()), (9, [(byte)random.Next(256)]))
                .Packet(0, (ulong)random.NextInt64(), new byte[40], (1, "comment"u8.ToArray()), (2, [0, 0, 0, 1])).SimplePacket(new byte[40], 60).OldPacket(0, 1, new byte[7]).Section().Bytes;
        for (int changes = random.Next(6); changes > 0; changes--)
            file[random.Next(file.Length)] = (byte)random.Next(256);
        try
        {
            Read(file);
        }
        catch (ProtocolException e)
        {
            Assert.StartsWith("Capture file, offset ", e.Message, StringComparison.Ordinal);
        }
    }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(3000));

    private static async Task WriteByteByByteAsync(PipeWriter writer, byte[] bytes)
    {
        foreach (byte one in bytes)
            await writer.WriteAsync(new[] { one });
        await writer.CompleteAsync();
    }

    private static List<PcapPacket> Read(CaptureFiles file) => Read(file.Bytes);

    private static List<PcapPacket> Read(byte[] file, int blockBytesMax = PcapReader.BlockBytesMaxDefault)
    {
        PcapReader reader = new(blockBytesMax);
        ReadOnlySequence<byte> input = new(file);
        List<PcapPacket> packets = [];
        while (reader.TryRead(ref input, out PcapPacket? packet))
            packets.Add(packet);
        reader.Complete(input);
        Assert.Equal(file.Length, reader.Offset);
        return packets;
    }
}
