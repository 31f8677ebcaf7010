using System.Net;
using System.Net.Sockets;
using Sockeye.Cli.Serving;

namespace Sockeye.Cli.Tracing;

/// <summary>What the sockets tell, as steps; after each, what the kernel knows of the connection, where that has changed.</summary>
internal sealed class TraceObserver(Timeline timeline, Segments segments) : SocketObserver
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NetworkSocket, EndPoint> _attempts = [];
    private TcpInfo? _last;
    private TimeSpan? _mark;
    private long _moves;

    /// <summary>How often bytes have moved.</summary>
    public long Moves => Volatile.Read(ref _moves);

    /// <summary>Whether an address was connected to.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Whether the peer reset the connection.</summary>
    public bool WasReset { get; private set; }

    /// <summary>Who has ended, in order: true is the peer.</summary>
    public List<bool> Ends { get; } = [];

    /// <summary>The kernel's state just before and just after our direction ended.</summary>
    public (TcpState Before, TcpState After) OurEnd { get; private set; }

    /// <summary>Whether bytes are told of as they are sent and received; not of what is encrypted, once it is known what is in it.</summary>
    public bool TellsRaw { get; set; } = true;

    /// <summary>What is done next is done from now on: a send is told of only when the kernel has taken it, and then the peer may have answered.</summary>
    public void Mark()
    {
        lock (_lock)
            _mark = timeline.Now;
    }

    /// <summary>Likewise, of our direction's end.</summary>
    public void MarkEnd(NetworkSocket? socket)
    {
        Mark();
        OurEnd = (socket is null ? TcpState.Unknown : Read(socket)?.State ?? TcpState.Unknown, TcpState.Unknown);
    }

    public override void Resolved(Address address, IReadOnlyList<EndPoint> endPoints, TimeSpan elapsed) => timeline.Add(new TraceStep(TraceStepKind.Resolved)
    {
        Address = address.Host,
        Addresses = [.. endPoints.Select(endPoint => endPoint is IPEndPoint ip ? ip.Address.ToString() : $"{endPoint}")],
        Duration = elapsed,
    });

    public override void Connecting(NetworkSocket socket, EndPoint remote)
    {
        timeline.Add(new TraceStep(TraceStepKind.Connecting) { Peer = Client.Name(remote, socket) });
        lock (_lock)
            _attempts[socket] = remote;
        if (remote is IPEndPoint ip)
            segments.Watch(ip, socket.SocketType == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
    }

    public override void Connected(NetworkSocket socket, EndPoint remote, TimeSpan handshake)
    {
        lock (_lock)
            _attempts.Remove(socket);
        IsConnected = true;
        if (remote is IPEndPoint ip && socket.LocalEndPoint is IPEndPoint local)
            segments.Claim(ip, local);
        timeline.Add(new TraceStep(TraceStepKind.Connected)
        {
            Peer = Client.Name(remote, socket),
            Local = Client.Name(socket.LocalEndPoint, socket),
            Duration = socket.SocketType == SocketType.Dgram ? null : handshake,
        });
        Look(socket);
    }

    public override void Sent(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) => Move(TraceStepKind.Sent, socket, data, TellsRaw);

    public override void Received(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) => Move(TraceStepKind.Received, socket, data, TellsRaw);

    public override void HalfClosed(NetworkSocket socket, bool byPeer)
    {
        TimeSpan at = byPeer ? timeline.Now : TakeMark();
        TcpInfo? kernel = Read(socket);
        lock (_lock)
        {
            Ends.Add(byPeer);
            if (!byPeer)
                OurEnd = OurEnd with { After = kernel?.State ?? TcpState.Unknown };
        }

        timeline.AddAt(new TraceStep(TraceStepKind.Ended) { IsByPeer = byPeer }, at);
        Look(socket);
    }

    public override void Reset(NetworkSocket socket)
    {
        WasReset = true;
        timeline.Add(new TraceStep(TraceStepKind.Reset));
    }

    public override void Error(NetworkSocket socket, SocketError error)
    {
        EndPoint? remote;
        lock (_lock)
            _attempts.Remove(socket, out remote);
        if (remote is not null)
            timeline.Add(new TraceStep(TraceStepKind.Refused) { Peer = Client.Name(remote, socket), Reason = Explain(error), Message = new SocketException((int)error).Message });
    }

    public override void Closed(NetworkSocket socket, bool aborted)
    {
        EndPoint? remote;
        lock (_lock)
            _attempts.Remove(socket, out remote);
        if (remote is not null)
            timeline.Add(new TraceStep(TraceStepKind.Abandoned) { Peer = Client.Name(remote, socket) });
    }

    /// <summary>What the kernel has done about those that do not answer.</summary>
    public void LookAtAttempts()
    {
        NetworkSocket[] waiting;
        lock (_lock)
            waiting = [.. _attempts.Keys];
        foreach (NetworkSocket socket in waiting)
            Look(socket);
    }

    /// <summary>The kernel's view of a connection; null where it has none.</summary>
    public static TcpInfo? Read(NetworkSocket socket)
    {
        if (socket.SocketType != SocketType.Stream || socket.AddressFamily == AddressFamily.Unix)
            return null;
        try
        {
            return socket.GetTcpInfo();
        }
        catch (Exception e) when (e is PlatformNotSupportedException or SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Tells what the kernel knows, if it is something new.</summary>
    public void Look(NetworkSocket socket)
    {
        if (Read(socket) is not { } now)
            return;
        lock (_lock)
        {
            bool isFirst = _last is null || now.State != _last.Value.State;
            if (!isFirst && now == _last)
                return;
            if (now.State == TcpState.SynSent && (_last?.Retransmits ?? 0) == now.Retransmits)
                return;
            _last = now;
        }

        timeline.Add(new TraceStep(TraceStepKind.Kernel) { Kernel = now });
    }

    public static string Explain(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "refused",
        SocketError.TimedOut => "timed-out",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown => "unreachable",
        _ => "error",
    };

    private void Move(TraceStepKind kind, NetworkSocket socket, ReadOnlySpan<byte> data, bool isTold)
    {
        Interlocked.Increment(ref _moves);
        if (!isTold)
            return;
        timeline.AddAt(new TraceStep(kind)
        {
            Bytes = data.Length,
            Preview = data[..Math.Min(data.Length, TraceReport.PreviewBytesMax)].ToArray(),
        }, kind == TraceStepKind.Sent ? TakeMark() : timeline.Now);
        Look(socket);
    }

    private TimeSpan TakeMark()
    {
        lock (_lock)
        {
            TimeSpan at = _mark ?? timeline.Now;
            _mark = null;
            return at;
        }
    }
}
