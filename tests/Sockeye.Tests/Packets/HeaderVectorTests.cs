using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Packets;

/// <summary>Packets whose bytes are known from elsewhere, field by field.</summary>
public class HeaderVectorTests
{
    /// <summary>What a Linux kernel sent: a SYN to port 80 with its five options.</summary>
    private static readonly byte[] Syn = Convert.FromHexString(
        "4500003C1C4640004006" + "B1E6" + "AC10000A" + "AC100001"
        + "D9030050" + "11223344" + "00000000" + "A002FAF0" + "0000" + "0000"
        + "020405B4" + "0402" + "080A" + "0000ABCD" + "00000000" + "01" + "030307");

    [Fact]
    public void An_IPv4_header_is_written_as_its_example_stands()
    {
        IPv4Header header = new()
        {
            Source = IPAddress.Parse("192.168.0.1"),
            Destination = IPAddress.Parse("192.168.0.199"),
            Protocol = ProtocolType.Udp,
            DontFragment = true,
        };
        byte[] packet = header.Emit(new byte[0x73 - 20]);
        Assert.Equal("45000073000040004011B861C0A80001C0A800C7", Convert.ToHexString(packet.AsSpan(0, 20)));
    }

    [Fact]
    public void A_SYN_is_read_field_by_field()
    {
        Assert.True(IPv4View.TryParse([.. Syn, 9, 9], out IPv4View ip, out _));
        Assert.Equal((20, 60, 0x1C46, 64, ProtocolType.Tcp), (ip.HeaderLength, ip.TotalLength, ip.Identification, ip.TimeToLive, ip.Protocol));
        Assert.True(ip.DontFragment);
        Assert.False(ip.IsFragment);
        Assert.Equal((IPAddress.Parse("172.16.0.10"), IPAddress.Parse("172.16.0.1")), (ip.Source, ip.Destination));
        Assert.Equal(40, ip.Payload.Length);

        TcpHeader tcp = TcpHeader.Parse(ip.Payload);
        Assert.Equal((0xD903, 80, 0x11223344u, 0u), (tcp.SourcePort, tcp.DestinationPort, tcp.SequenceNumber, tcp.AcknowledgmentNumber));
        Assert.Equal((TcpFlags.Syn, 0xFAF0), (tcp.Flags, tcp.Window));
        TcpOptions expected = new() { MaximumSegmentSize = 1460, SackPermitted = true, Timestamps = new(0xABCD, 0), WindowScale = 7 };
        Assert.Equal(expected, tcp.Options);

        // The order in which the kernel wrote them is ours.
        byte[] written = new byte[tcp.Options.Length];
        tcp.Options.WriteTo(written);
        Assert.Equal(Syn[40..], written);
    }

    [Fact]
    public void All_options_of_a_segment_are_kept()
    {
        byte[] bytes = [1, 1, 5, 18, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 9, 0, 0, 1, 0, 254, 4, 0xAA, 0xBB, 2, 3, 7, 0];
        TcpOptions options = TcpOptions.Parse(bytes);
        Assert.Equal(new TcpSackBlocks(new TcpSackBlock(1, 2), new TcpSackBlock(9, 256)), options.SackBlocks);
        Assert.Equal([254, 4, 0xAA, 0xBB, 2, 3, 7], options.Unknown.ToArray());
        Assert.Null(options.MaximumSegmentSize);
        byte[] written = new byte[options.Length];
        options.WriteTo(written);
        Assert.Equal(options, TcpOptions.Parse(written));
    }

    [Fact]
    public void A_UDP_sum_of_zero_is_written_as_all_ones_and_no_sum_is_valid_over_IPv4_only()
    {
        PseudoHeader pseudo4 = new(IPAddress.Loopback, IPAddress.Loopback);
        byte[] datagram = new UdpHeader(1, 2).Emit([0, 0], pseudo4);
        ushort sum = (ushort)((datagram[6] << 8) | datagram[7]);

        // The payload that makes the sum zero is the sum itself.
        datagram = new UdpHeader(1, 2).Emit([(byte)(sum >> 8), (byte)sum], pseudo4);
        Assert.Equal([0xFF, 0xFF], datagram[6..8]);
        Assert.True(View(datagram).IsChecksumValid(pseudo4));

        datagram[6] = datagram[7] = 0;
        Assert.True(View(datagram).IsChecksumValid(pseudo4));
        Assert.False(View(datagram).IsChecksumValid(new PseudoHeader(IPAddress.IPv6Loopback, IPAddress.IPv6Loopback)));

        datagram[6] = 1;
        Assert.False(View(datagram).IsChecksumValid(pseudo4));
    }

    [Fact]
    public void Extension_headers_lead_to_the_upper_layer()
    {
        byte[] hopByHop = [60, 0, 1, 4, 0, 0, 0, 0];
        byte[] destination = [44, 1, 1, 12, .. new byte[12]];
        byte[] fragment = [17, 0, 0, 1, 0, 0, 0, 77];
        byte[] udp = [0, 1, 0, 2, 0, 8, 0, 0];
        byte[] packet = Header6(ProtocolType.IP).Emit([.. hopByHop, .. destination, .. fragment, .. udp]);

        Assert.True(IPv6View.TryParse(packet, out IPv6View view, out _));
        Assert.True(view.TryGetUpperLayer(out IPv6UpperLayer upper, out _));
        Assert.Equal(new IPv6UpperLayer { Protocol = ProtocolType.Udp, Offset = 40 + 32, IsFragment = true, MoreFragments = true, Identification = 77 }, upper);
        Assert.True(IPPacketView.TryParse(packet, out IPPacketView any, out _));
        Assert.Equal((1, 2), (any.SourcePort, any.DestinationPort));
    }

    [Fact]
    public void Behind_a_later_fragment_nothing_is_taken_for_a_header()
    {
        byte[] packet = Header6((ProtocolType)44).Emit([6, 0, 0, 8, 0, 0, 0, 77, 0, 1, 0, 2]);
        Assert.True(IPPacketView.TryParse(packet, out IPPacketView view, out _));
        Assert.True(view.IsLaterFragment);
        Assert.Null(view.SourcePort);
    }

    [Theory]
    [InlineData(8, PacketFault.None)]
    [InlineData(9, PacketFault.TooManyExtensionHeaders)]
    public void The_walk_has_a_limit(int headers, PacketFault expected)
    {
        byte[] payload = new byte[headers * 8];
        for (int i = 0; i < headers; i++)
            payload[i * 8] = (byte)(i == headers - 1 ? 59 : 60);
        Assert.True(IPv6View.TryParse(Header6((ProtocolType)60).Emit(payload), out IPv6View view, out _));
        Assert.Equal(expected == PacketFault.None, view.TryGetUpperLayer(out _, out PacketFault fault));
        Assert.Equal(expected, fault);
    }

    [Fact]
    public void An_error_quotes_the_packet_it_is_about()
    {
        byte[] about = new IPv4Header { Source = IPAddress.Parse("10.0.0.1"), Destination = IPAddress.Parse("10.0.0.2"), Protocol = ProtocolType.Udp }
            .Emit(new UdpHeader(1234, 53).Emit(new byte[100], default));
        byte[] error = IcmpHeader.DestinationUnreachable(AddressFamily.InterNetwork, code: 3).Emit(about.AsSpan(0, 28));

        Assert.True(IcmpView.TryParse(error, AddressFamily.InterNetwork, out IcmpView icmp, out _));
        Assert.Equal(IcmpKind.DestinationUnreachable, icmp.Kind);
        Assert.Equal("the port is not open", IcmpHeader.From(icmp).Explain());
        Assert.True(icmp.TryGetQuoted(out IPPacketView quoted));
        Assert.Equal((IPAddress.Parse("10.0.0.2"), ProtocolType.Udp, 1234, 53), (quoted.Destination, quoted.Protocol, quoted.SourcePort, quoted.DestinationPort));
    }

    [Fact]
    public void What_is_too_long_is_told_with_what_would_fit()
    {
        IcmpHeader four = IcmpHeader.PacketTooBig(AddressFamily.InterNetwork, 1400), six = IcmpHeader.PacketTooBig(AddressFamily.InterNetworkV6, 1280);
        Assert.Equal((3, 4, 1400u, IcmpKind.PacketTooBig), (four.Type, four.Code, four.NextHopMtu, four.Kind));
        Assert.Equal((2, 0, 1280u, IcmpKind.PacketTooBig), (six.Type, six.Code, six.NextHopMtu, six.Kind));
    }

    [Fact]
    public void Headers_that_cannot_be_written_are_refused()
    {
        IPv4Header header = new() { Source = IPAddress.Loopback, Destination = IPAddress.Loopback, Protocol = ProtocolType.Udp };
        Assert.Throws<InvalidOperationException>(() => (header with { FragmentOffset = 9 }).Emit([]));
        Assert.Throws<InvalidOperationException>(() => (header with { Options = new byte[41] }).Emit([]));
        Assert.Throws<ArgumentException>(() => header.Emit(new byte[65516]));
        Assert.Throws<ArgumentException>(() => (header with { Source = IPAddress.IPv6Loopback }).Emit([]));
        Assert.Throws<ArgumentException>(() => header.WriteTo(new byte[21], [1, 2]));
        Assert.Throws<InvalidOperationException>(() => (Header6(ProtocolType.Udp) with { FlowLabel = 1 << 20 }).Emit([]));
        Assert.Throws<InvalidOperationException>(() => new TcpHeader { Options = new() { Unknown = new byte[41] } }.Emit([], default));
    }

    private static IPv6Header Header6(ProtocolType next) => new() { Source = IPAddress.IPv6Loopback, Destination = IPAddress.IPv6Loopback, NextHeader = next };

    private static UdpView View(byte[] bytes) => UdpView.TryParse(bytes, out UdpView view, out _) ? view : throw new ArgumentException("No datagram.", nameof(bytes));
}
