using System.Net;

namespace Sockeye;

/// <summary>
/// The segments of one connection, made from what one of its sockets did: handshake, data with sequence numbers from the positions in the stream, acknowledgments,
/// FIN or RST. Each side's window is 1 GiB, so that no analysis finds it full.
/// </summary>
/// <param name="ends">The ends.</param>
/// <param name="nearConnects">The observed socket connected; false: it was accepted.</param>
/// <param name="number">Tells flows apart: initial sequence numbers come of it.</param>
/// <param name="packets">Makes the packets.</param>
/// <param name="sink">Takes them.</param>
internal sealed class TcpFlow(FlowEnds ends, bool nearConnects, int number, PacketBuilder packets, IPacketSink sink)
{
    private const ushort Window = ushort.MaxValue;
    private const byte WindowScale = 14;

    // A handshake, two ends and an acknowledgment, each with its headers and its block, and comments.
    private const int HandshakeBytesMax = 4096;

    private readonly TcpFlowSide _near = new(unchecked((uint)number * 0x9E37_79B1));
    private readonly TcpFlowSide _far = new(unchecked((uint)number * 0x85EB_CA77));
    private readonly List<string> _comments = [];
    private long _handshake = -1;
    private bool _wasOpened;
    private bool _isReset;

    /// <summary>The most comments that wait for a packet.</summary>
    public const int CommentsMax = 64;

    /// <summary>The ends.</summary>
    public FlowEnds Ends => ends;

    /// <summary>Neither side can send any more.</summary>
    public bool IsOver => _isReset || (_near.HasEnded && _far.HasEnded);

    /// <summary>How many bytes one side has sent, those before the flow was first seen included.</summary>
    public long Position(bool fromNear) => Side(fromNear).Position + (Side(fromNear).Start ?? 0);

    /// <summary>Says something with the next packet.</summary>
    public void Comment(string text)
    {
        if (_comments.Count < CommentsMax)
            _comments.Add(text);
    }

    /// <summary>The handshake, as it was.</summary>
    public void Open(DateTimeOffset asked, DateTimeOffset answered)
    {
        _wasOpened = true;
        sink.MakeRoom(answered, HandshakeBytesMax);
        WriteHandshake(asked, answered);
    }

    /// <summary>A SYN that was refused or never answered.</summary>
    public void OpenInVain(DateTimeOffset asked, DateTimeOffset answered, bool refused)
    {
        WriteSyn(asked);
        if (refused)
            Write(answered, !nearConnects, TcpFlags.Rst | TcpFlags.Ack, 0, Side(nearConnects).Next, []);
        _isReset = true;
    }

    /// <summary>Bytes of one side, at a position of its stream: past what was seen before, a hole stays, and a comment says so.</summary>
    public void Data(DateTimeOffset time, bool fromNear, long position, ReadOnlySpan<byte> data)
    {
        TcpFlowSide side = Side(fromNear);
        if (side.HasEnded || (_isReset && fromNear))
        {
            // Told after the end by a thread that was late: it cannot stand where it belongs.
            Comment($"{data.Length} more bytes were {(fromNear ? "sent" : "received")} before the end, and are not here");
            return;
        }

        long place = Place(side, position);
        while (data.Length > 0)
        {
            int length = Math.Min(data.Length, PacketBuilder.SegmentDataMax);
            if (!_isReset)
                EnsureOpen(time, length);
            PassHole(side, place);
            TcpFlags flags = length == data.Length ? TcpFlags.Ack | TcpFlags.Psh : TcpFlags.Ack;
            WriteData(time, fromNear, flags, data[..length]);
            if (side.Advance(length))
                Acknowledge(time, !fromNear);
            data = data[length..];
            place = side.Position;
        }
    }

    /// <summary>One side ends its direction at a position of its stream.</summary>
    public void End(DateTimeOffset time, bool fromNear, long position)
    {
        TcpFlowSide side = Side(fromNear);
        if (side.HasEnded || _isReset)
            return;
        EnsureOpen(time, 0);
        PassHole(side, Place(side, position));
        WriteFin(time, fromNear);
    }

    /// <summary>One side resets the connection.</summary>
    public void Reset(DateTimeOffset time, bool fromNear)
    {
        if (IsOver)
            return;
        EnsureOpen(time, 0);
        Write(time, fromNear, TcpFlags.Rst | TcpFlags.Ack, Side(fromNear).Next, Side(!fromNear).Next, []);
        _isReset = true;
    }

    /// <summary>The first packet of the flow in what is being written is its handshake, made up where it was not seen there.</summary>
    private void EnsureOpen(DateTimeOffset time, int dataLength)
    {
        if (!sink.MakeRoom(time, dataLength + HandshakeBytesMax) || (_handshake >= 0 && sink.Holds(_handshake)))
            return;
        _comments.Insert(0, _handshake >= 0 || _wasOpened
            ? "this handshake is made up: the connection was open when this part of the recording began"
            : "this handshake is made up: the connection was open when it was first observed");
        bool nearEnded = _near.HasEnded, farEnded = _far.HasEnded;
        _near.HasEnded = _far.HasEnded = false;
        WriteHandshake(time, time);
        if (nearEnded)
            WriteFin(time, fromNear: true);
        if (farEnded)
            WriteFin(time, fromNear: false);
    }

    /// <summary>Where a position of the stream stands here: of a connection that was open before, the first that is seen stands at the beginning.</summary>
    private long Place(TcpFlowSide side, long position)
    {
        side.Start ??= _wasOpened ? 0 : position;
        return position - side.Start.Value;
    }

    private void PassHole(TcpFlowSide side, long place)
    {
        if (place <= side.Position)
            return;
        Comment(FlowComments.Hole(place - side.Position));
        side.Position = place;
    }

    private void WriteHandshake(DateTimeOffset asked, DateTimeOffset answered)
    {
        _handshake = WriteSyn(asked);
        Write(answered, !nearConnects, TcpFlags.Syn | TcpFlags.Ack, unchecked(Side(!nearConnects).Next - 1), Side(nearConnects).Next, [], SynOptions);
        Acknowledge(answered, nearConnects);
    }

    private long WriteSyn(DateTimeOffset time) =>
        Write(time, nearConnects, TcpFlags.Syn, unchecked(Side(nearConnects).Next - 1), 0, [], SynOptions);

    private void WriteFin(DateTimeOffset time, bool fromNear)
    {
        TcpFlowSide side = Side(fromNear);
        WriteData(time, fromNear, TcpFlags.Fin | TcpFlags.Ack, []);
        side.HasEnded = true;
        Acknowledge(time, !fromNear);
    }

    private void WriteData(DateTimeOffset time, bool fromNear, TcpFlags flags, ReadOnlySpan<byte> data)
    {
        TcpFlowSide other = Side(!fromNear);
        Write(time, fromNear, flags, Side(fromNear).SequenceAt(Side(fromNear).Position), other.Next, data);
        other.Acknowledge();
    }

    private void Acknowledge(DateTimeOffset time, bool fromNear)
    {
        Write(time, fromNear, TcpFlags.Ack, Side(fromNear).Next, Side(!fromNear).Next, []);
        Side(!fromNear).Acknowledge();
    }

    private long Write(
        DateTimeOffset time, bool fromNear, TcpFlags flags, uint sequence, uint acknowledgment, ReadOnlySpan<byte> data, TcpOptions options = default)
    {
        TcpHeader header = new()
        {
            SequenceNumber = sequence,
            AcknowledgmentNumber = acknowledgment,
            Flags = flags,
            Window = Window,
            Options = options,
        };
        (IPEndPoint source, IPEndPoint destination) = fromNear ? (ends.Near, ends.Far) : (ends.Far, ends.Near);
        long packet = sink.Write(new SyntheticPacket
        {
            Time = time,
            IsOutbound = fromNear,
            Bytes = packets.Build(source, destination, header, data),
            Comments = _comments.ToArray(),
        });
        _comments.Clear();
        return packet;
    }

    private TcpFlowSide Side(bool near) => near ? _near : _far;

    private static TcpOptions SynOptions { get; } = new() { MaximumSegmentSize = PacketBuilder.SegmentDataMax, WindowScale = WindowScale };
}
