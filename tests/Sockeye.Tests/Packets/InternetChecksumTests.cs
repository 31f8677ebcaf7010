using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using FsCheck;
using FsCheck.Fluent;

namespace Sockeye.Tests.Packets;

public class InternetChecksumTests
{
    private static Config Quiet { get; } = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(300);

    [Fact]
    public void The_example_of_RFC_1071_section_3()
    {
        byte[] bytes = [0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7];
        Assert.Equal(0xDDF2, InternetChecksum.Sum(bytes));
        Assert.Equal(0x220D, InternetChecksum.Compute(bytes));
    }

    [Fact]
    public void The_example_of_RFC_1624_section_4() => Assert.Equal(0x0000, InternetChecksum.Update(checksum: 0xDD2F, before: (ushort)0x5555, after: 0x3285));

    /// <summary>Every length around the words and the unrolled loop, at every alignment.</summary>
    [Fact]
    public void It_is_what_the_plain_loop_computes()
    {
        byte[] bytes = new byte[200];
        new Random(1).NextBytes(bytes);
        for (int start = 0; start < 9; start++)
        {
            for (int length = 0; start + length <= bytes.Length; length++)
                Assert.Equal(Naive(bytes.AsSpan(start, length)), InternetChecksum.Compute(bytes.AsSpan(start, length)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0xFF)]
    public void The_longest_packet_of_one_value_overflows_nothing(byte value)
    {
        byte[] bytes = new byte[65535];
        bytes.AsSpan().Fill(value);
        Assert.Equal(Naive(bytes), InternetChecksum.Compute(bytes));
    }

    [Fact]
    public void Parts_of_even_length_add_up() => Prop.ForAll<byte[], byte[]>((first, second) =>
    {
        byte[] even = first.Length % 2 == 0 ? first : first[1..];
        return InternetChecksum.Sum(second, InternetChecksum.Sum(even)) == InternetChecksum.Sum([.. even, .. second]);
    }).Check(Quiet);

    [Fact]
    public void An_update_is_a_new_computation() => Prop.ForAll<byte[], uint, int>((bytes, word, place) =>
    {
        byte[] data = [1, .. bytes, 2, 3, 4, 5];
        int offset = (place & int.MaxValue) % ((data.Length - 4) / 2 + 1) * 2;
        ushort before = InternetChecksum.Compute(data);
        uint old = BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(offset));
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(offset), word);
        return InternetChecksum.Update(before, old, word) == InternetChecksum.Compute(data);
    }).Check(Quiet);

    [Fact]
    public void A_pseudo_header_counts_as_if_it_stood_before_the_packet()
    {
        (IPAddress source, IPAddress destination) = (IPAddress.Parse("2001:db8::1"), IPAddress.Parse("2001:db8::ff"));
        byte[] packet = [1, 2, 3, 4, 5, 6, 7];
        byte[] header = [.. source.GetAddressBytes(), .. destination.GetAddressBytes(), 0, 0, 0, 7, 0, 0, 0, 17];
        Assert.Equal(Naive([.. header, .. packet]), new PseudoHeader(source, destination).Checksum(ProtocolType.Udp, packet));
    }

    [Fact]
    public void A_pseudo_header_of_two_families_is_refused() =>
        Assert.Throws<ArgumentException>(() => new PseudoHeader(IPAddress.Loopback, IPAddress.IPv6Loopback));

    /// <summary>RFC 1071, word by word.</summary>
    private static ushort Naive(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += (uint)((bytes[i] << 8) | (i + 1 < bytes.Length ? bytes[i + 1] : 0));
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
