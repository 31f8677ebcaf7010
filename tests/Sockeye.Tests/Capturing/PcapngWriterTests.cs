using System.Buffers;
using System.Text;

namespace Sockeye.Tests.Capturing;

public class PcapngWriterTests
{
    private static readonly byte[] Packet = [0x45, 0, 0, 21, 0, 0, 0, 0, 64, 6, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    private static readonly DateTimeOffset Time = new(2026, 11, 21, 18, 30, 0, 123, 456, TimeSpan.Zero);

    private readonly ArrayBufferWriter<byte> _output = new();

    [Fact]
    public void A_packet_is_the_bytes_that_the_format_says()
    {
        new PcapngWriter(_output).WritePacket(new SyntheticPacket { Time = DateTimeOffset.UnixEpoch.AddTicks(1), IsOutbound = true, Bytes = Packet, Comments = ["hi"] });
        Assert.Equal(
            "06000000" + "4C000000" + "00000000" + "00000000" + "64000000" + "15000000" + "15000000"
            + Convert.ToHexString(Packet) + "000000" + "0200040002000000" + "0100020068690000" + "00000000" + "4C000000",
            Convert.ToHexString(_output.WrittenSpan),
            ignoreCase: true);
    }

    [Fact]
    public void Secrets_statistics_and_headers_are_whole_blocks()
    {
        PcapngWriter writer = new(_output);
        writer.WriteSection("Sockeye");
        writer.WriteInterface("synthetic", "made");
        writer.WriteSecrets("CLIENT_RANDOM 00 11\n"u8);
        writer.WriteStatistics(Time, 5, 2);
        Assert.Equal([PcapngFormat.SectionHeaderBlock, PcapngFormat.InterfaceDescriptionBlock, PcapngFormat.DecryptionSecretsBlock, PcapngFormat.InterfaceStatisticsBlock], Types());
    }

    [Fact]
    public void A_packet_is_read_as_it_was_written()
    {
        PcapngWriter writer = new(_output);
        writer.WriteSection("Sockeye");
        writer.WriteInterface("synthetic", "made");
        writer.WritePacket(new SyntheticPacket { Time = Time, IsOutbound = false, Bytes = Packet, Comments = ["одно", "二"] });
        writer.WritePacket(new SyntheticPacket { Time = Time, IsOutbound = true, Bytes = Packet });

        ReadOnlySequence<byte> input = new(_output.WrittenMemory);
        PcapReader reader = new();
        Assert.True(reader.TryRead(ref input, out PcapPacket? first));
        Assert.True(reader.TryRead(ref input, out PcapPacket? second));
        Assert.False(reader.TryRead(ref input, out _));
        reader.Complete(input);
        Assert.Equal(Time, first.Time);
        Assert.Equal(Packet, first.Bytes.ToArray());
        Assert.Equal(["одно", "二"], first.Comments);
        Assert.False(first.IsOutbound);
        Assert.True(second.IsOutbound);
        Assert.Equal("synthetic", first.InterfaceName);
    }

    [Fact]
    public void A_long_comment_is_cut_between_characters()
    {
        PcapngWriter writer = new(_output);
        writer.WriteSection("Sockeye");
        writer.WriteInterface("synthetic", "made");
        string comment = "x" + new StringBuilder().Insert(0, "🐟", PcapngWriter.TextBytesMax).ToString();
        writer.WritePacket(new SyntheticPacket { Time = Time, IsOutbound = false, Bytes = Packet, Comments = [comment] });
        ReadOnlySequence<byte> input = new(_output.WrittenMemory);
        Assert.True(new PcapReader().TryRead(ref input, out PcapPacket? packet));
        string read = Assert.Single(packet.Comments);
        Assert.StartsWith(read, comment, StringComparison.Ordinal);
        Assert.Equal(PcapngWriter.TextBytesMax - 3, Encoding.UTF8.GetByteCount(read));
    }

    private List<uint> Types()
    {
        List<uint> types = [];
        for (ReadOnlySpan<byte> rest = _output.WrittenSpan; !rest.IsEmpty;)
        {
            int length = BitConverter.ToInt32(rest[4..]);
            Assert.Equal(length, BitConverter.ToInt32(rest[(length - 4)..length]));
            types.Add(BitConverter.ToUInt32(rest));
            rest = rest[length..];
        }

        return types;
    }
}
