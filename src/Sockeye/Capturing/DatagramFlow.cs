using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>What a socket that carries messages does, as UDP datagrams. A message too long for one is cut into several, which say so.</summary>
internal sealed class DatagramFlow(int number, PacketBuilder packets, IPacketSink sink)
{
    // Headers, the block around them, and comments.
    private const int BlockBytesMax = 1024;

    private readonly List<string> _comments = [];
    private EndPoint? _local;
    private EndPoint? _peer;

    /// <summary>Where it is bound, if that is known.</summary>
    public EndPoint? Local
    {
        get => _local;
        set
        {
            if (value is UnixDomainSocketEndPoint unix && !Equals(value, _local))
                CommentPath(unix);
            _local = value;
        }
    }

    /// <summary>Whom it is connected to.</summary>
    public EndPoint? Peer
    {
        get => _peer;
        set
        {
            if (value is UnixDomainSocketEndPoint unix && !Equals(value, _peer))
                CommentPath(unix);
            _peer = value;
        }
    }

    /// <summary>What it has sent from.</summary>
    public HashSet<IPEndPoint> Senders { get; } = [];

    /// <summary>Says something with the next datagram.</summary>
    public void Comment(string text)
    {
        if (_comments.Count < TcpFlow.CommentsMax)
            _comments.Add(text);
    }

    /// <summary>The ends of a datagram to or from <paramref name="remote"/>; null: the peer, or a sender without a name.</summary>
    public FlowEnds EndsWith(EndPoint? remote, bool isFromNobody) => new(
        PseudoAddresses.For(_local, number, isNear: true), PseudoAddresses.For(isFromNobody ? null : remote ?? _peer, number, isNear: false));

    /// <summary>A message.</summary>
    public void Message(DateTimeOffset time, bool fromNear, FlowEnds ends, ReadOnlySpan<byte> data)
    {
        int parts = Math.Max(1, (data.Length + PacketBuilder.DatagramDataMax - 1) / PacketBuilder.DatagramDataMax);
        int length = data.Length;
        for (int part = 1; part <= parts; part++)
        {
            if (parts > 1)
                Comment($"part {part} of {parts} of one message of {length} bytes");
            ReadOnlySpan<byte> piece = data[..Math.Min(data.Length, PacketBuilder.DatagramDataMax)];
            Write(time, fromNear, ends, piece);
            data = data[piece.Length..];
        }
    }

    private void Write(DateTimeOffset time, bool fromNear, FlowEnds ends, ReadOnlySpan<byte> data)
    {
        sink.MakeRoom(time, data.Length + BlockBytesMax);
        (IPEndPoint source, IPEndPoint destination) = fromNear ? (ends.Near, ends.Far) : (ends.Far, ends.Near);
        sink.Write(new SyntheticPacket
        {
            Time = time,
            IsOutbound = fromNear,
            Bytes = packets.Build(source, destination, data),
            Comments = _comments.ToArray(),
        });
        _comments.Clear();
    }

    private void CommentPath(UnixDomainSocketEndPoint unix)
    {
        byte[] path = UnixPath.GetBytes(unix);
        if (path.Length > 0)
            Comment($"Unix socket {UnixPath.Print(path)}: addresses and ports are made up");
    }
}
