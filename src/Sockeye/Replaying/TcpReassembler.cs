using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Puts the streams of TCP connections together from recorded packets, whatever their order: packets in, transcripts out, it opens nothing. Segments may come late, again, or
/// overlap (the first to come counts); sequence numbers may run over; a connection may have begun before the recording, and end points may be used again.
/// </summary>
/// <remarks>Fragments of IP packets are not joined, and checksums not looked at: network cards fill them in behind the recording. One thread at a time.</remarks>
public sealed class TcpReassembler
{
    /// <summary>The default of how many connections are taken: 10,000.</summary>
    public const int ConnectionsMaxDefault = 10_000;

    /// <summary>The default of how many bytes of them all are kept: 256 MiB.</summary>
    public const long BytesMaxDefault = 256 * 1024 * 1024;

    private readonly Dictionary<(IPEndPoint Source, IPEndPoint Destination), ReassembledConnection> _current = [];
    private readonly List<ReassembledConnection> _all = [];
    private readonly int _connectionsMax;
    private readonly long _bytesMax;
    private long _bytes;

    /// <summary>Makes one for one recording.</summary>
    /// <param name="connectionsMax">The most connections.</param>
    /// <param name="bytesMax">The most bytes that they may carry together, with those that came twice.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is not positive.</exception>
    public TcpReassembler(int connectionsMax = ConnectionsMaxDefault, long bytesMax = BytesMaxDefault)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(connectionsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytesMax);
        (_connectionsMax, _bytesMax) = (connectionsMax, bytesMax);
    }

    /// <summary>How many packets have come.</summary>
    public long Packets { get; private set; }

    /// <summary>How many of them were no segments of TCP: other protocols, fragments, or malformed.</summary>
    public long OtherPackets { get; private set; }

    /// <summary>How many segments were recorded without all of their bytes, as with a snap length.</summary>
    public long CutPackets { get; private set; }

    /// <summary>Takes the next packet.</summary>
    /// <exception cref="ProtocolException">There are more connections, or bytes, than are taken.</exception>
    public void Add(PcapPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        Packets++;
        if (!IPPacketView.TryParse(packet.Bytes.Span, out IPPacketView view, out _, allowTruncated: true)
            || view.Protocol != ProtocolType.Tcp || view.IsLaterFragment || !TcpView.TryParse(view.Payload, out TcpView segment, out _))
        {
            OtherPackets++;
            return;
        }

        if (packet.MissingLength > 0)
            CutPackets++;
        _bytes += segment.Payload.Length;
        if (_bytes > _bytesMax)
            throw new ProtocolException($"The recording's connections carry more than {_bytesMax} bytes, which is the most that is kept.");
        IPEndPoint source = new(view.Source, segment.SourcePort);
        IPEndPoint destination = new(view.Destination, segment.DestinationPort);
        Find(source, destination, segment).Take(packet.Time, source, segment, packet.MissingLength);
    }

    /// <summary>No more packets come: what was held back for bytes before it is put behind the gap.</summary>
    /// <returns>All connections, in the order in which they begin.</returns>
    public IReadOnlyList<Transcript> Complete() => [.. _all.Select((connection, index) => connection.Complete(index + 1))];

    private ReassembledConnection Find(IPEndPoint source, IPEndPoint destination, TcpView segment)
    {
        if (_current.TryGetValue((source, destination), out ReassembledConnection? connection) && !connection.IsBegunAgainBy(source, segment))
            return connection;
        if (_all.Count == _connectionsMax)
            throw new ProtocolException($"The recording has more than {_connectionsMax} connections, which is the most that is taken.");
        connection = new ReassembledConnection(source, destination);
        _current[(source, destination)] = _current[(destination, source)] = connection;
        _all.Add(connection);
        return connection;
    }
}
