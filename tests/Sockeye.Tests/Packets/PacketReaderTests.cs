using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Packets;

/// <summary>What a capture makes of the bytes that the kernel's filter lets pass.</summary>
public class PacketReaderTests
{
    private const byte HopByHop = 0, Routing = 43, Fragment = 44, Authentication = 51, DestinationOptions = 60, Tcp = 6;

    private static readonly IPEndPoint Here = new(IPAddress.Parse("2001:db8::1"), 4711), There = new(IPAddress.Parse("2001:db8::2"), 443);
    private static readonly IPEndPoint Here4 = new(IPAddress.Parse("192.0.2.1"), 4711), There4 = new(IPAddress.Parse("192.0.2.2"), 443);
    private static readonly IPAddress Router = IPAddress.Parse("2001:db8::ff"), Router4 = IPAddress.Parse("192.0.2.254");

    [Theory]
    [InlineData]
    [InlineData(HopByHop)]
    [InlineData(Routing)]
    [InlineData(Fragment)]
    [InlineData(Authentication)]
    [InlineData(DestinationOptions)]
    [InlineData(HopByHop, DestinationOptions, Routing, Fragment, Authentication, DestinationOptions)]
    [InlineData(Authentication, Authentication, HopByHop, HopByHop, Fragment, Fragment, Routing, Routing)]
    public void TCP_is_found_behind_extension_headers(params byte[] extensions)
    {
        CapturedPacket packet = Assert.IsType<CapturedPacket>(new PacketReader(new PacketFilter(There)).Read(Behind(extensions, "hello"u8), default));
        Assert.Equal((Here, There, false, 5), (packet.Source, packet.Destination, packet.IsFromRemote, packet.PayloadLength));
        Assert.Equal(TcpFlags.Psh | TcpFlags.Ack, packet.Tcp!.Value.Flags);
    }

    [Fact]
    public void One_extension_header_too_many_is_nothing() =>
        Assert.Null(new PacketReader(new PacketFilter(There)).Read(Behind([.. Enumerable.Repeat(DestinationOptions, IPv6View.ExtensionHeadersMax + 1)], "hello"u8), default));

    [Fact]
    public void A_later_fragment_has_no_ports()
    {
        byte[] packet = Behind([Fragment], "hello"u8);
        packet[IPv6View.HeaderLength + 3] = 8;
        Assert.Null(new PacketReader(new PacketFilter(There)).Read(packet, default));
    }

    [Fact]
    public void Another_conversation_behind_extension_headers_is_nobodys()
    {
        byte[] packet = Behind([HopByHop], "hello"u8);
        Assert.Null(new PacketReader(new PacketFilter(new IPEndPoint(There.Address, 80))).Read(packet, default));
        Assert.Null(new PacketReader(new PacketFilter(new IPEndPoint(Router, There.Port))).Read(packet, default));
        Assert.Null(new PacketReader(new PacketFilter(There) { Local = new IPEndPoint(Here.Address, 1) }).Read(packet, default));
        Assert.Null(new PacketReader(new PacketFilter(There) { Protocol = ProtocolType.Udp }).Read(packet, default));
        Assert.NotNull(new PacketReader(new PacketFilter(There) { Local = Here }).Read(packet, default));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void An_ICMP_error_belongs_to_the_conversation_it_quotes(bool isIPv4, bool isAboutOurs)
    {
        (IPEndPoint here, IPEndPoint there, IPAddress router) = isIPv4 ? (Here4, There4, Router4) : (Here, There, Router);
        (IPEndPoint from, IPEndPoint to) = isAboutOurs ? (here, there) : (there, here);
        byte[] packet = Error(router, from, to);
        CapturedPacket error = Assert.IsType<CapturedPacket>(new PacketReader(new PacketFilter(there) { Local = here, Protocol = ProtocolType.Udp }).Read(packet, default));
        Assert.Equal((router, from, to, isAboutOurs), (error.Source.Address, error.QuotedSource, error.QuotedDestination, error.IsFromRemote));
        Assert.Equal(IcmpKind.DestinationUnreachable, error.Icmp!.Value.Kind);
        Assert.Null(new PacketReader(new PacketFilter(new IPEndPoint(there.Address, 1)) { Protocol = ProtocolType.Udp }).Read(packet, default));
        Assert.Null(new PacketReader(new PacketFilter(there)).Read(packet, default));
    }

    /// <summary>Each packet above with bytes changed, cut and grown: null or a packet, and back at once.</summary>
    [Fact]
    public void Whatever_comes_nothing_is_thrown()
    {
        Random random = new(20260);
        byte[][] seeds =
        [
            Behind([HopByHop, DestinationOptions, Routing, Fragment, Authentication, DestinationOptions], "hello"u8),
            Behind([Authentication, Fragment], "hello"u8),
            Behind([], "hello"u8),
            Error(Router, Here, There),
            Error(Router4, Here4, There4),
        ];
        PacketReader[] readers = [.. new[] { There, There4 }.SelectMany(there => new[] { ProtocolType.Tcp, ProtocolType.Udp }.Select(protocol => new PacketReader(new PacketFilter(there) { Protocol = protocol })))];
        int found = 0;
        for (int i = 0; i < 200_000; i++)
        {
            byte[] packet = [.. seeds[random.Next(seeds.Length)]];
            for (int changes = random.Next(4); changes > 0; changes--)
                packet[random.Next(packet.Length)] = random.Next(3) == 0 ? (byte)(random.Next(2) * 255) : (byte)random.Next(70);
            int length = random.Next(4) == 0 ? random.Next(packet.Length + 1) : packet.Length;
            foreach (PacketReader reader in readers)
                found += reader.Read(packet.AsSpan(0, length), default) is null ? 0 : 1;
        }

        Assert.InRange(found, 10_000, 200_000);
    }

    private static byte[] Behind(byte[] extensions, ReadOnlySpan<byte> payload)
    {
        byte[] next = [.. extensions, Tcp];
        List<byte> all = [];
        for (int i = 0; i < extensions.Length; i++)
            all.AddRange(Extension(extensions[i], next[i + 1]));
        IPv6Header header = new() { Source = Here.Address, Destination = There.Address, NextHeader = (ProtocolType)next[0] };
        TcpHeader segment = new() { SourcePort = (ushort)Here.Port, DestinationPort = (ushort)There.Port, Flags = TcpFlags.Psh | TcpFlags.Ack, SequenceNumber = 1 };
        all.AddRange(segment.Emit(payload, header.PseudoHeader));
        return header.Emit([.. all]);
    }

    /// <summary>Each longer than the shortest where it can be: 16 bytes, of AH 24, which is in units of four without two.</summary>
    private static byte[] Extension(byte kind, byte next) => kind switch
    {
        Fragment => [next, 0, 0, 1, 1, 2, 3, 4],
        Authentication => [next, 4, .. new byte[22]],
        _ => [next, 1, 1, 4, .. new byte[4], 1, 6, .. new byte[6]],
    };

    private static byte[] Error(IPAddress router, IPEndPoint from, IPEndPoint to)
    {
        PseudoHeader pseudo = new(from.Address, to.Address);
        byte[] datagram = new UdpHeader((ushort)from.Port, (ushort)to.Port).Emit("who"u8, pseudo);
        bool isIPv4 = from.AddressFamily == AddressFamily.InterNetwork;
        byte[] quoted = isIPv4
            ? new IPv4Header { Source = from.Address, Destination = to.Address, Protocol = ProtocolType.Udp }.Emit(datagram)
            : new IPv6Header { Source = from.Address, Destination = to.Address, NextHeader = ProtocolType.Udp }.Emit(datagram);
        byte[] message = IcmpHeader.DestinationUnreachable(from.AddressFamily, 1).Emit(quoted, new PseudoHeader(router, from.Address));
        return isIPv4
            ? new IPv4Header { Source = router, Destination = from.Address, Protocol = ProtocolType.Icmp }.Emit(message)
            : new IPv6Header { Source = router, Destination = from.Address, NextHeader = ProtocolType.IcmpV6 }.Emit(message);
    }
}
