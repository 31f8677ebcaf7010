using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Capturing;

/// <summary>Keeps synthetic packets, and reads the streams out of them as a receiver would.</summary>
internal sealed class PacketList : IPacketSink
{
    private readonly List<(bool IsOutbound, byte[] Bytes, string[] Comments, DateTimeOffset Time)> _packets = [];

    /// <summary>Packets before this one are in a file that is not being written any more.</summary>
    public long HeldFrom { get; set; }

    public int Secrets { get; private set; }

    public int Count => _packets.Count;

    public long Write(in SyntheticPacket packet)
    {
        _packets.Add((packet.IsOutbound, packet.Bytes.ToArray(), packet.Comments.ToArray(), packet.Time));
        return _packets.Count - 1;
    }

    public bool MakeRoom(DateTimeOffset time, int bytes) => true;

    public void WriteSecrets() => Secrets++;

    public bool Holds(long number) => number >= HeldFrom;

    public string[] Comments => [.. _packets.SelectMany(packet => packet.Comments)];

    /// <summary>"-> SYN 0:0", "&lt;- PSH|ACK 5" : direction, flags and bytes of data of each segment.</summary>
    public IEnumerable<string> Summary() => _packets.Select((packet, index) =>
    {
        IPPacketView ip = View(packet.Bytes);
        string arrow = packet.IsOutbound ? "->" : "<-";
        if (ip.Protocol == ProtocolType.Udp)
            return $"{arrow} UDP {ip.Payload.Length - UdpView.HeaderLength}";
        TcpView tcp = Tcp(index);
        return $"{arrow} {tcp.Flags.ToString().Replace(", ", " ", StringComparison.Ordinal)} {tcp.Payload.Length}";
    });

    public byte[] Bytes(int index) => _packets[index].Bytes;

    public DateTimeOffset Time(int index) => _packets[index].Time;

    public string[] CommentsOf(int index) => _packets[index].Comments;

    public IPEndPoint SourceOf(int index)
    {
        IPPacketView ip = View(_packets[index].Bytes);
        return new IPEndPoint(ip.Source, ip.SourcePort!.Value);
    }

    public TcpView Tcp(int index)
    {
        Assert.True(TcpView.TryParse(View(_packets[index].Bytes).Payload, out TcpView tcp, out _));
        return tcp;
    }

    /// <summary>Every header is right, checksums included.</summary>
    public void AssertSound()
    {
        foreach ((_, byte[] bytes, _, _) in _packets)
        {
            IPPacketView ip = View(bytes);
            Assert.Equal(bytes.Length, ip.Bytes.Length);
            if (bytes[0] >> 4 == 4)
                Assert.True(IPv4View.TryParse(bytes, out IPv4View v4, out _) && v4.IsChecksumValid);
            Assert.Equal(0, ip.PseudoHeader.Checksum(ip.Protocol, ip.Payload));
        }
    }

    /// <summary>The stream of one direction, put together by sequence numbers from its SYN on. Nothing may be missing, and nothing come twice.</summary>
    public byte[] Stream(bool fromNear)
    {
        List<byte> stream = [];
        uint? next = null;
        for (int index = 0; index < _packets.Count; index++)
        {
            if (_packets[index].IsOutbound != fromNear)
                continue;
            TcpView tcp = Tcp(index);
            if (tcp.Flags.HasFlag(TcpFlags.Syn))
                next = tcp.SequenceNumber + 1;
            else
                Assert.Equal(next, tcp.SequenceNumber);
            stream.AddRange(tcp.Payload);
            next = unchecked(next!.Value + (uint)tcp.Payload.Length + (tcp.Flags.HasFlag(TcpFlags.Fin) ? 1u : 0u));
        }

        return [.. stream];
    }

    private static IPPacketView View(byte[] packet)
    {
        Assert.True(IPPacketView.TryParse(packet, out IPPacketView view, out PacketFault fault), fault.ToString());
        return view;
    }
}
