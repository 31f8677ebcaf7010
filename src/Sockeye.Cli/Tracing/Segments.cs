using System.Net;
using System.Net.Sockets;

namespace Sockeye.Cli.Tracing;

/// <summary>The real packets of what is traced, where the program has the right to see them: one capture for each address that is tried.</summary>
/// <param name="timeline">Where they go.</param>
/// <param name="open">Opens a capture; null: none is wanted, or the network has none.</param>
internal sealed class Segments(Timeline timeline, Func<PacketFilter, PacketCapture>? open) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Watch> _watches = [];
    private bool _isRefused;

    /// <summary>Those that ended a direction, in the order in which they were seen.</summary>
    public List<CapturedPacket> Ends { get; } = [];

    /// <summary>
    /// Opens a capture of nothing, to be held while others are made: Linux begins to stamp packets some time after the first socket has asked for stamps, and
    /// stamps those before only when they are read. Null where captures cannot be had; whoever watches is told.
    /// </summary>
    public static PacketCapture? StartStamping(Func<PacketFilter, PacketCapture>? open)
    {
        try
        {
            return open?.Invoke(new PacketFilter(new IPEndPoint(IPAddress.Broadcast, 1)) { Protocol = ProtocolType.Udp });
        }
        catch (Exception e) when (e is SocketException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Begins to watch, before the first packet is sent.</summary>
    public void Watch(IPEndPoint remote, ProtocolType protocol)
    {
        lock (_lock)
        {
            if (open is null || _isRefused)
                return;
            try
            {
                _watches.Add(new Watch(open(new PacketFilter(remote) { Protocol = protocol }), remote));
            }
            catch (Exception e) when (e is SocketException or PlatformNotSupportedException)
            {
                // Said once: the rest of the trace needs no right.
                _isRefused = true;
                timeline.Add(new TraceStep(TraceStepKind.Notice) { Reason = "no-segments", Message = $"the segments themselves are not shown: {e.Message}" });
            }
        }
    }

    /// <summary>It is known now which of the packets to that end point are ours.</summary>
    public void Claim(IPEndPoint remote, IPEndPoint local)
    {
        lock (_lock)
        {
            if (_watches.Find(watch => watch.Remote.Equals(remote)) is { } found)
                found.LocalPort = local.Port;
        }
    }

    /// <summary>Takes what was captured so far.</summary>
    public void Take()
    {
        lock (_lock)
        {
            foreach (Watch watch in _watches)
            {
                SocketError error;
                do
                {
                    error = watch.Capture.TryReceive(out CapturedPacket? packet);
                    if (packet is not null && watch.IsOurs(packet))
                        Add(packet);
                }
                while (error == SocketError.Success);
            }
        }
    }

    /// <summary>How many packets the kernel had no room for.</summary>
    public long Dropped
    {
        get
        {
            lock (_lock)
                return _watches.Sum(watch => watch.Capture.Dropped);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (Watch watch in _watches)
                watch.Capture.Dispose();
            _watches.Clear();
            _isRefused = true;
        }
    }

    private void Add(CapturedPacket packet)
    {
        if (packet.Tcp is { } tcp && (tcp.Flags & TcpFlags.Fin) != 0 && !Ends.Exists(end => end.IsFromRemote == packet.IsFromRemote))
            Ends.Add(packet);
        timeline.AddAt(new TraceStep(TraceStepKind.Segment) { Packet = packet, IsByPeer = packet.IsFromRemote, Bytes = packet.PayloadLength }, packet.Time);
    }
}
