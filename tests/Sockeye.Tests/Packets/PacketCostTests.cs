using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Packets;

/// <summary>What a stack does for every packet allocates nothing.</summary>
public class PacketCostTests
{
    [Fact]
    public void Seeing_and_writing_allocate_nothing()
    {
        byte[] buffer = new byte[1500];
        byte[] payload = new byte[1000];
        IPAddress source = IPAddress.Parse("10.0.0.1"), destination = IPAddress.Parse("10.0.0.2");
        IPAddress source6 = IPAddress.Parse("2001:db8::1"), destination6 = IPAddress.Parse("2001:db8::2");
        uint seen = 0;
        Exchange();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Exchange();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1001u * 9, seen);

        void Exchange()
        {
            TcpHeader tcp = new() { SourcePort = 4, DestinationPort = 5, Options = new() { Timestamps = new(1, 2), SackBlocks = new(new TcpSackBlock(1, 2)) } };
            IPv4Header four = new() { Source = source, Destination = destination, Protocol = ProtocolType.Tcp };
            int length = tcp.WriteTo(buffer.AsSpan(four.Length), payload, four.PseudoHeader);
            four.WriteTo(buffer, length);
            if (IPv4View.TryParse(buffer, out IPv4View ip, out _) && ip.IsChecksumValid && TcpView.TryParse(ip.Payload, out TcpView segment, out _)
                && segment.IsChecksumValid(ip.PseudoHeader) && segment.ParseOptions().SackBlocks[0].Right == 2)
            {
                seen += segment.SourcePort;
            }

            IPv6Header six = new() { Source = source6, Destination = destination6, NextHeader = ProtocolType.Udp };
            six.WriteTo(buffer, new UdpHeader(5, 6).WriteTo(buffer.AsSpan(six.Length), payload, six.PseudoHeader));
            if (IPPacketView.TryParse(buffer, out IPPacketView packet, out _) && UdpView.TryParse(packet.Payload, out UdpView datagram, out _) && datagram.IsChecksumValid(packet.PseudoHeader))
                seen += datagram.SourcePort;
        }
    }
}
