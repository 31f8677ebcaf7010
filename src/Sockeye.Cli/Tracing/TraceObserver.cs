using System.Net;
using System.Net.Sockets;
using Sockeye.Cli.Serving;

namespace Sockeye.Cli.Tracing;

/// <summary>What the sockets tell, as steps; after each, what the kernel knows of the connection, where that has changed.</summary>
/// <param name="timeline">Where they go.</param>
/// <param name="segments">What watches the real packets.</param>
/// <param name="address">What is traced. Of TLS what is sent and received are records, which are named and not shown.</param>
internal sealed class TraceObserver(Timeline timeline, Segments segments, Address address) : SocketObserver
{
    private readonly TlsRecords _recordsSent = new();
    private readonly TlsRecords _recordsReceived = new();
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

    /// <summary>What is done next is done from now on: a send is told of only when the kernel has taken it, and then the peer may have answered.</summary>
    public void Mark()
    {
        lock (_lock)
            _mark = timeline.Now;
    }

    /// <summary>Likewise, of our direction's end. Where a protocol above the socket says goodbye first, the peer may end before the socket does.</summary>
    public void MarkEnd(NetworkSocket? socket)
    {
        Mark();
        bool isPlain = !address.IsTls && address.Scheme != "ws";
        OurEnd = ((isPlain && socket is not null ? Read(socket)?.State : null) ?? TcpState.Unknown, TcpState.Unknown);
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
            Kernel = Read(socket),
        });
        Look(socket);
    }

    public override void Sent(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) => Move(TraceStepKind.Sent, socket, data, _recordsSent);

    public override void Received(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) => Move(TraceStepKind.Received, socket, data, _recordsReceived);

    public override void Encrypting(NetworkSocket socket, ReadOnlySpan<byte> data) => Show(TraceStepKind.Encrypting, data, TakeMark());

    public override void Decrypted(NetworkSocket socket, ReadOnlySpan<byte> data) => Show(TraceStepKind.Decrypted, data, timeline.Now);

    public override void Handshaken(NetworkSocket socket, Connection connection, TimeSpan elapsed) => timeline.Add(Handshakes.Describe(connection, elapsed));

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
        {
            segments.Take();
            (string reason, string message) = Explain(error);
            timeline.Add(new TraceStep(TraceStepKind.Refused) { Peer = Client.Name(remote, socket), Reason = reason, Message = message });
        }
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
            Look(socket, isWaiting: true);
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
    /// <param name="socket">The connection's.</param>
    /// <param name="isWaiting">Whether only what is done for one that does not answer is of interest.</param>
    public void Look(NetworkSocket socket, bool isWaiting = false)
    {
        if (Read(socket) is not { } now)
            return;
        lock (_lock)
        {
            if ((_last is { } last && IsSame(now, last)) || (isWaiting && now.State != TcpState.SynSent))
                return;
            if (now.State == TcpState.SynSent && (_last?.Retransmits ?? 0) == now.Retransmits)
                return;
            _last = now;
        }

        timeline.Add(new TraceStep(TraceStepKind.Kernel) { Kernel = now });
    }

    /// <summary>Of what is shown nothing has changed.</summary>
    private static bool IsSame(TcpInfo one, TcpInfo other) =>
        (one.State, one.RoundTripTime, one.SendSegmentMax, one.CongestionWindow, one.PathMtu, one.Retransmits)
        == (other.State, other.RoundTripTime, other.SendSegmentMax, other.CongestionWindow, other.PathMtu, other.Retransmits);

    private static (string Reason, string Message) Explain(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => ("refused", "refused: nothing listens there"),
        SocketError.TimedOut => ("timed-out", "no answer"),
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown =>
            ("unreachable", $"{new SocketException((int)error).Message}: no way leads there"),
        _ => ("error", new SocketException((int)error).Message),
    };

    private static byte[] Preview(ReadOnlySpan<byte> data) => data[..Math.Min(data.Length, TraceReport.PreviewBytesMax)].ToArray();

    private void Show(TraceStepKind kind, ReadOnlySpan<byte> data, TimeSpan at) =>
        timeline.AddAt(new TraceStep(kind) { Bytes = data.Length, Preview = Preview(data) }, at);

    private void Move(TraceStepKind kind, NetworkSocket socket, ReadOnlySpan<byte> data, TlsRecords records)
    {
        Interlocked.Increment(ref _moves);
        TraceStep step = new(kind) { Bytes = data.Length };
        step = address.IsTls && data.Length > 0 ? step with { Protocol = "TLS", Message = records.Describe(data) } : step with { Preview = Preview(data) };
        timeline.AddAt(step, kind == TraceStepKind.Sent ? TakeMark() : timeline.Now);
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
