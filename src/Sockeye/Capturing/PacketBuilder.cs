using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Makes the bytes of packets in one buffer, which the next packet overwrites.</summary>
internal sealed class PacketBuilder
{
    /// <summary>The most bytes of data in one TCP segment: what an IPv4 packet carries beside the two headers.</summary>
    public const int SegmentDataMax = IPv4Header.PacketLengthMax - IPv4Header.LengthMin - TcpHeader.LengthMin;

    /// <summary>The most bytes of data in one UDP datagram, likewise.</summary>
    public const int DatagramDataMax = IPv4Header.PacketLengthMax - IPv4Header.LengthMin - UdpView.HeaderLength;

    private readonly byte[] _buffer = new byte[IPv6View.HeaderLength + TcpHeader.LengthMin + TcpOptions.LengthMax + SegmentDataMax];

    // IPv4's identification: of no use without fragments, but a reader likes to see it move.
    private ushort _identification;

    /// <summary>A TCP segment in its IP packet.</summary>
    public ReadOnlySpan<byte> Build(IPEndPoint source, IPEndPoint destination, TcpHeader header, ReadOnlySpan<byte> data)
    {
        header = header with { SourcePort = (ushort)source.Port, DestinationPort = (ushort)destination.Port };
        int ip = HeaderLength(source);
        int length = header.WriteTo(_buffer.AsSpan(ip), data, new PseudoHeader(source.Address, destination.Address));
        return Finish(source, destination, ProtocolType.Tcp, length);
    }

    /// <summary>A UDP datagram in its IP packet.</summary>
    public ReadOnlySpan<byte> Build(IPEndPoint source, IPEndPoint destination, ReadOnlySpan<byte> data)
    {
        UdpHeader header = new((ushort)source.Port, (ushort)destination.Port);
        int length = header.WriteTo(_buffer.AsSpan(HeaderLength(source)), data, new PseudoHeader(source.Address, destination.Address));
        return Finish(source, destination, ProtocolType.Udp, length);
    }

    private ReadOnlySpan<byte> Finish(IPEndPoint source, IPEndPoint destination, ProtocolType protocol, int length)
    {
        int header = source.AddressFamily == AddressFamily.InterNetwork
            ? new IPv4Header
            {
                Source = source.Address,
                Destination = destination.Address,
                Protocol = protocol,
                Identification = _identification++,
                DontFragment = true,
            }.WriteTo(_buffer, length)
            : new IPv6Header { Source = source.Address, Destination = destination.Address, NextHeader = protocol }.WriteTo(_buffer, length);
        return _buffer.AsSpan(0, header + length);
    }

    private static int HeaderLength(IPEndPoint end) =>
        end.AddressFamily == AddressFamily.InterNetwork ? IPv4Header.LengthMin : IPv6View.HeaderLength;
}
