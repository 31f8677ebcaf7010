using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Reads packets of one conversation, and ICMP errors about them. Bytes in, packets out: what is none, or somebody else's, is null. The kernel's filter lets
/// more pass than this, where it cannot look.
/// </summary>
internal sealed class PacketReader(PacketFilter filter)
{
    private readonly SequenceOrigins _origins = new();

    /// <summary>Without a scope: packets have none.</summary>
    private readonly IPEndPoint _remote = Unscoped(filter.Remote);
    private readonly IPEndPoint? _local = filter.Local is { } local ? Unscoped(local) : null;

    public CapturedPacket? Read(ReadOnlySpan<byte> bytes, DateTimeOffset time)
    {
        if (!IPPacketView.TryParse(bytes, out IPPacketView packet, out _, allowTruncated: true) || packet.AddressFamily != _remote.AddressFamily)
            return null;
        return packet.Protocol == filter.Protocol ? ReadSegment(packet, time)
            : packet.Protocol is ProtocolType.Icmp or ProtocolType.IcmpV6 ? ReadError(packet, time)
            : null;
    }

    private CapturedPacket? ReadSegment(IPPacketView packet, DateTimeOffset time)
    {
        if (!TryGetEnds(packet, out IPEndPoint source, out IPEndPoint destination) || !IsWanted(source, destination))
            return null;
        TcpHeader? tcp = null;
        (uint? Sequence, uint? Acknowledgment) relative = default;
        int headerLength = UdpView.HeaderLength;
        if (packet.Protocol == ProtocolType.Tcp)
        {
            if (!TcpView.TryParse(packet.Payload, out TcpView segment, out _))
                return null;
            tcp = TcpHeader.From(segment);
            headerLength = segment.HeaderLength;
            relative = _origins.Relate(source, destination, tcp.Value);
        }

        return new CapturedPacket
        {
            Time = time,
            Bytes = packet.Bytes.ToArray(),
            Source = source,
            Destination = destination,
            IsFromRemote = IsFromRemote(source, destination),
            PayloadLength = PayloadLength(packet, headerLength),
            Tcp = tcp,
            RelativeSequenceNumber = relative.Sequence,
            RelativeAcknowledgmentNumber = relative.Acknowledgment,
        };
    }

    /// <summary>What an error quotes says whose it is: routers that nobody has heard of send them.</summary>
    private CapturedPacket? ReadError(IPPacketView packet, DateTimeOffset time)
    {
        if (packet.IsLaterFragment || !IcmpView.TryParse(packet.Payload, packet.AddressFamily, out IcmpView error, out _)
            || !error.TryGetQuoted(out IPPacketView quoted) || quoted.Protocol != filter.Protocol
            || !TryGetEnds(quoted, out IPEndPoint source, out IPEndPoint destination) || !IsWanted(source, destination))
        {
            return null;
        }

        return new CapturedPacket
        {
            Time = time,
            Bytes = packet.Bytes.ToArray(),
            Source = new IPEndPoint(packet.Source, 0),
            Destination = new IPEndPoint(packet.Destination, 0),
            IsFromRemote = !IsFromRemote(source, destination),
            PayloadLength = PayloadLength(packet, IcmpView.HeaderLength),
            Icmp = IcmpHeader.From(error),
            QuotedSource = source,
            QuotedDestination = destination,
        };
    }

    private static bool TryGetEnds(IPPacketView packet, out IPEndPoint source, out IPEndPoint destination)
    {
        bool hasPorts = packet.SourcePort is not null;
        source = hasPorts ? new IPEndPoint(packet.Source, packet.SourcePort!.Value) : null!;
        destination = hasPorts ? new IPEndPoint(packet.Destination, packet.DestinationPort!.Value) : null!;
        return hasPorts;
    }

    private bool IsWanted(IPEndPoint source, IPEndPoint destination) =>
        (Matches(_remote, source) && Matches(_local, destination)) || (Matches(_local, source) && Matches(_remote, destination));

    private bool IsFromRemote(IPEndPoint source, IPEndPoint destination) =>
        Matches(_remote, source) && (!Matches(_remote, destination) || _local is null || _local.Port != source.Port);

    private static bool Matches(IPEndPoint? wanted, IPEndPoint end) => wanted is null
        || ((wanted.Port == 0 || wanted.Port == end.Port)
            && (wanted.Address.Equals(IPAddress.Any) || wanted.Address.Equals(IPAddress.IPv6Any) || wanted.Address.Equals(end.Address)));

    /// <summary>By the packet's own length: what was captured may be cut. Cards that cut or join segments give none for the long ones.</summary>
    private static int PayloadLength(IPPacketView packet, int headerLength)
    {
        int total = packet.AddressFamily == AddressFamily.InterNetwork
            ? BinaryPrimitives.ReadUInt16BigEndian(packet.Bytes[IPv4View.TotalLengthOffset..])
            : IPv6View.HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(packet.Bytes[IPv6View.PayloadLengthOffset..]);
        return Math.Max(0, total - (packet.Bytes.Length - packet.Payload.Length) - headerLength);
    }

    private static IPEndPoint Unscoped(IPEndPoint end) => new(new IPAddress(end.Address.GetAddressBytes()), end.Port);
}
