using System.Net;
using System.Net.Sockets;
using FsCheck;
using FsCheck.Fluent;

namespace Sockeye.Tests.Packets;

/// <summary>What is written is read back; random bytes are a packet or a fault, and never read beyond.</summary>
public class HeaderProperties
{
    private static Config Quiet { get; } = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(400);

    /// <summary>Beginnings that pass for a header are common: without them nothing behind the first check is tried.</summary>
    private static Arbitrary<byte[]> Garbage { get; } =
        (from seed in Gen.Choose(0, int.MaxValue)
         from length in Gen.Choose(0, 120)
         from first in Gen.Elements<byte>(0x45, 0x46, 0x4F, 0x60, 0x40, 0x6F, 0)
         from small in Gen.Elements(true, false)
         select Random(seed, length, first, small)).ToArbitrary();

    [Fact]
    public void IPv4_headers_are_read_as_they_were_written() => Prop.ForAll<int, byte[], byte[]>((seed, options, payload) =>
    {
        Random random = new(seed);
        IPv4Header header = new()
        {
            Source = Address(random, 4),
            Destination = Address(random, 4),
            Protocol = (ProtocolType)random.Next(256),
            TimeToLive = (byte)random.Next(256),
            TrafficClass = (byte)random.Next(256),
            Identification = (ushort)random.Next(65536),
            DontFragment = random.Next(2) == 1,
            MoreFragments = random.Next(2) == 1,
            FragmentOffset = random.Next(8192) * 8,
            Options = options.Length > 36 ? default : new byte[] { 0x88, (byte)(options.Length + 2) }.Concat(options).Concat(new byte[(4 - ((options.Length + 2) % 4)) % 4]).ToArray(),
        };
        byte[] packet = header.Emit(payload);
        return IPv4View.TryParse(packet, out IPv4View view, out _) && view.IsChecksumValid && view.Payload.SequenceEqual(payload) && IPv4Header.Parse(packet) == header;
    }).Check(Quiet);

    [Fact]
    public void IPv6_headers_are_read_as_they_were_written() => Prop.ForAll<int, byte[]>((seed, payload) =>
    {
        Random random = new(seed);
        IPv6Header header = new()
        {
            Source = Address(random, 16),
            Destination = Address(random, 16),
            NextHeader = (ProtocolType)random.Next(256),
            HopLimit = (byte)random.Next(256),
            TrafficClass = (byte)random.Next(256),
            FlowLabel = random.Next(1 << 20),
        };
        byte[] packet = header.Emit(payload);
        return IPv6View.TryParse(packet, out IPv6View view, out _) && view.Payload.SequenceEqual(payload) && IPv6Header.Parse(packet) == header;
    }).Check(Quiet);

    [Fact]
    public void Segments_and_datagrams_are_read_as_they_were_written() => Prop.ForAll<int, byte[]>((seed, payload) =>
    {
        Random random = new(seed);
        int length = random.Next(2) == 0 ? 4 : 16;
        PseudoHeader pseudo = new(Address(random, length), Address(random, length));
        TcpHeader tcp = new()
        {
            SourcePort = (ushort)random.Next(65536),
            DestinationPort = (ushort)random.Next(65536),
            SequenceNumber = (uint)random.NextInt64(1L << 32),
            AcknowledgmentNumber = (uint)random.NextInt64(1L << 32),
            Flags = (TcpFlags)random.Next(512),
            Window = (ushort)random.Next(65536),
            UrgentPointer = (ushort)random.Next(65536),
            Options = Options(random),
        };
        byte[] segment = tcp.Emit(payload, pseudo);
        UdpHeader udp = new(tcp.SourcePort, tcp.DestinationPort);
        byte[] datagram = udp.Emit(payload, pseudo);
        return TcpView.TryParse(segment, out TcpView view, out _) && view.IsChecksumValid(pseudo) && view.Payload.SequenceEqual(payload) && TcpHeader.Parse(segment) == tcp
            && UdpView.TryParse(datagram, out UdpView seen, out _) && seen.IsChecksumValid(pseudo) && seen.Payload.SequenceEqual(payload) && UdpHeader.Parse(datagram) == udp;
    }).Check(Quiet);

    [Fact]
    public void Every_changed_bit_of_a_segment_is_noticed()
    {
        PseudoHeader pseudo = new(IPAddress.Loopback, IPAddress.Parse("127.0.0.2"));
        byte[] segment = new TcpHeader { SourcePort = 1, DestinationPort = 2, Options = new() { WindowScale = 3 } }.Emit([1, 2, 3], pseudo);
        for (int bit = 0; bit < segment.Length * 8; bit++)
        {
            segment[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(TcpView.TryParse(segment, out TcpView view, out _) && view.IsChecksumValid(pseudo), $"bit {bit}");
            segment[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Garbage_is_a_packet_or_a_fault() => Prop.ForAll(Garbage, bytes =>
    {
        bool isPacket = IPPacketView.TryParse(bytes, out IPPacketView packet, out PacketFault fault);
        bool isCut = IPPacketView.TryParse(bytes, out IPPacketView cut, out _, allowTruncated: true);
        Touch(packet, isPacket);
        Touch(cut, isCut);
        return isPacket == (fault == PacketFault.None) && ThrowsFor(bytes, IPv4Header.TryParse(bytes, out _, out _), static each => IPv4Header.Parse(each))
            && ThrowsFor(bytes, IPv6Header.TryParse(bytes, out _, out _), static each => IPv6Header.Parse(each));
    }).Check(Quiet.WithMaxTest(3000));

    [Fact]
    public void Garbage_is_a_segment_a_datagram_a_message_or_a_fault() => Prop.ForAll(Garbage, bytes =>
    {
        // The data offset decides what is looked at.
        if (bytes.Length > 12)
            bytes[12] = (byte)(bytes[^1] << 4);
        if (TcpView.TryParse(bytes, out TcpView tcp, out PacketFault fault))
        {
            foreach (PacketOption option in tcp.Options)
                Assert.True(option.Data.Length <= 38);
            TcpOptions options = tcp.ParseOptions();
            Assert.True(options.Unknown.Length <= TcpOptions.LengthMax);
            Assert.Equal(bytes.Length, tcp.HeaderLength + tcp.Payload.Length);
        }

        if (IcmpView.TryParse(bytes, AddressFamily.InterNetwork, out IcmpView icmp, out _))
            Assert.True(!icmp.TryGetQuoted(out IPPacketView quoted) || quoted.Bytes.Length <= bytes.Length);
        return (fault == PacketFault.None) == (tcp.Bytes.Length > 0) && ThrowsFor(bytes, fault == PacketFault.None, static each => TcpHeader.Parse(each))
            && ThrowsFor(bytes, UdpHeader.TryParse(bytes, out _, out _), static each => UdpHeader.Parse(each))
            && ThrowsFor(bytes, bytes.Length >= 8, static each => IcmpHeader.Parse(each, AddressFamily.InterNetworkV6));
    }).Check(Quiet.WithMaxTest(3000));

    [Theory]
    [InlineData("45", PacketFault.TooShort)]
    [InlineData("60", PacketFault.TooShort)]
    [InlineData("", PacketFault.TooShort)]
    [InlineData("5500001400000000400600000A0000010A000002", PacketFault.WrongVersion)]
    [InlineData("4400001400000000400600000A0000010A000002", PacketFault.BadHeaderLength)]
    [InlineData("4600001800000000400600000A0000010A000002", PacketFault.TooShort)]
    [InlineData("4500001500000000400600000A0000010A000002", PacketFault.BadLength)]
    [InlineData("4500001300000000400600000A0000010A000002", PacketFault.BadLength)]
    [InlineData("4600001800000000400600000A0000010A00000207050000", PacketFault.BadOption)]
    [InlineData("4600001800000000400600000A0000010A00000207010000", PacketFault.BadOption)]
    [InlineData("4600001800000000400600000A0000010A00000201010107", PacketFault.BadOption)]
    public void Each_fault_has_its_name(string hex, PacketFault expected)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.False(IPPacketView.TryParse(bytes, out _, out PacketFault fault));
        Assert.Equal(expected, fault);
        Assert.Contains($"({bytes.Length} bytes", Assert.Throws<ProtocolException>(() => IPv4Header.Parse(bytes)).Message, StringComparison.Ordinal);
    }

    private static bool ThrowsFor(byte[] bytes, bool isGood, Action<byte[]> parse)
    {
        try
        {
            parse(bytes);
            return isGood;
        }
        catch (ProtocolException)
        {
            return !isGood;
        }
    }

    private static void Touch(IPPacketView packet, bool isPacket)
    {
        if (!isPacket)
            return;
        _ = (packet.Source, packet.Destination, packet.HopLimit, packet.SourcePort, packet.DestinationPort, packet.PseudoHeader);
        Assert.True(!UdpView.TryParse(packet.Payload, out UdpView udp, out _) || udp.Length <= packet.Payload.Length);
        Assert.True(!TcpView.TryParse(packet.Payload, out TcpView tcp, out _) || tcp.HeaderLength <= packet.Payload.Length);
        if (IcmpView.TryParse(packet.Payload, packet.AddressFamily, out IcmpView icmp, out _) && icmp.TryGetQuoted(out IPPacketView quoted))
            _ = (quoted.Destination, quoted.SourcePort);
    }

    private static byte[] Random(int seed, int length, byte first, bool small)
    {
        Random random = new(seed);
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);

        // Small numbers are lengths that fit.
        for (int i = 0; small && i < length; i++)
            bytes[i] = random.Next(3) == 0 ? (byte)random.Next(64) : (byte)0;
        if (length > 0)
            bytes[0] = first;
        return bytes;
    }

    private static IPAddress Address(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return new IPAddress(bytes);
    }

    /// <summary>Any that fit into 40 bytes together.</summary>
    private static TcpOptions Options(Random random)
    {
        TcpOptions options = new()
        {
            MaximumSegmentSize = random.Next(2) == 0 ? null : (ushort)random.Next(65536),
            WindowScale = random.Next(2) == 0 ? null : (byte)random.Next(15),
            SackPermitted = random.Next(2) == 0,
            Timestamps = random.Next(2) == 0 ? null : new TcpTimestamps((uint)random.Next(), (uint)random.Next()),
        };
        TcpSackBlock[] blocks = [.. Enumerable.Range(0, random.Next(5)).Select(_ => new TcpSackBlock((uint)random.Next(), (uint)random.Next()))];
        TcpOptions more = options with { SackBlocks = new TcpSackBlocks(blocks), Unknown = random.Next(2) == 0 ? default : new byte[] { 30, 4, 1, 2 } };
        return more.Length <= TcpOptions.LengthMax ? more : options;
    }
}
