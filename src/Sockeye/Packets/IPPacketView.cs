using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>An IP packet of either family, with what the two have in common.</summary>
public readonly ref struct IPPacketView
{
    private readonly int _payload;

    private IPPacketView(IPv4View view)
    {
        AddressFamily = AddressFamily.InterNetwork;
        Bytes = view.Bytes;
        Protocol = view.Protocol;
        IsLaterFragment = view.FragmentOffset > 0;
        _payload = view.HeaderLength;
    }

    private IPPacketView(IPv6View view, IPv6UpperLayer upper)
    {
        AddressFamily = AddressFamily.InterNetworkV6;
        Bytes = view.Bytes;
        Protocol = upper.Protocol;
        IsLaterFragment = upper.FragmentOffset > 0;
        _payload = upper.Offset;
    }

    /// <summary>InterNetwork or InterNetworkV6.</summary>
    public AddressFamily AddressFamily { get; }

    /// <summary>The packet.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The protocol of the upper layer.</summary>
    public ProtocolType Protocol { get; }

    /// <summary>It is a fragment other than the first: its payload begins with no header.</summary>
    public bool IsLaterFragment { get; }

    /// <summary>How many routers it may still pass.</summary>
    public byte HopLimit => Bytes[IsIPv4 ? IPv4View.TimeToLiveOffset : IPv6View.HopLimitOffset];

    /// <summary>The sender's address, made when asked for.</summary>
    public IPAddress Source => new(IsIPv4 ? Bytes.Slice(IPv4View.SourceOffset, 4) : Bytes.Slice(IPv6View.SourceOffset, 16));

    /// <summary>The receiver's address, made when asked for.</summary>
    public IPAddress Destination => new(IsIPv4 ? Bytes.Slice(IPv4View.DestinationOffset, 4) : Bytes.Slice(IPv6View.DestinationOffset, 16));

    /// <summary>The upper layer's header and payload: what there is of them.</summary>
    public ReadOnlySpan<byte> Payload => Bytes[_payload..];

    /// <summary>The sender's port, if the packet is one of TCP or UDP and so much of it is there.</summary>
    public int? SourcePort => HasPorts ? BinaryPrimitives.ReadUInt16BigEndian(Payload) : null;

    /// <summary>The receiver's port, likewise.</summary>
    public int? DestinationPort => HasPorts ? BinaryPrimitives.ReadUInt16BigEndian(Payload[2..]) : null;

    /// <summary>For the checksums of what it carries.</summary>
    public PseudoHeader PseudoHeader => IsIPv4
        ? new PseudoHeader(AddressFamily, Bytes.Slice(IPv4View.SourceOffset, 8))
        : new PseudoHeader(AddressFamily, Bytes.Slice(IPv6View.SourceOffset, 32));

    private bool IsIPv4 => AddressFamily == AddressFamily.InterNetwork;

    private bool HasPorts => Protocol is ProtocolType.Tcp or ProtocolType.Udp && !IsLaterFragment && Payload.Length >= 4;

    /// <summary>Sees a packet in <paramref name="bytes"/>, if its headers are right; of IPv6 also the extension headers.</summary>
    /// <param name="bytes">The packet from its first byte on; more may follow it.</param>
    /// <param name="view">The packet; without use when the result is false.</param>
    /// <param name="fault">What is wrong.</param>
    /// <param name="allowTruncated">The payload may be cut.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out IPPacketView view, out PacketFault fault, bool allowTruncated = false)
    {
        view = default;
        if (bytes.Length == 0)
        {
            fault = PacketFault.TooShort;
            return false;
        }

        if (bytes[0] >> 4 == 6)
        {
            if (!IPv6View.TryParse(bytes, out IPv6View v6, out fault, allowTruncated) || !v6.TryGetUpperLayer(out IPv6UpperLayer upper, out fault))
                return false;
            view = new IPPacketView(v6, upper);
            return true;
        }

        if (!IPv4View.TryParse(bytes, out IPv4View v4, out fault, allowTruncated))
            return false;
        view = new IPPacketView(v4);
        return true;
    }
}
