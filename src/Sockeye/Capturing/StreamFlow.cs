using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// What a stream socket does, as a <see cref="TcpFlow"/>. The bytes of a TLS handshake are held back until it is over: then come, in the clear, what was encrypted,
/// or, encrypted, the secrets first and then all bytes as they were.
/// </summary>
internal sealed class StreamFlow(int number, bool keepEncrypted, PacketBuilder packets, IPacketSink sink)
{
    /// <summary>The most bytes of a handshake that are held back; a longer one is written as it is.</summary>
    public const int HeldBytesMax = 64 * 1024;

    /// <summary>How long they are held back, by the time of what happens on the socket.</summary>
    public static readonly TimeSpan HeldTimeMax = TimeSpan.FromSeconds(30);

    private readonly List<string> _comments = [];
    private readonly List<HeldBytes> _held = [];
    private EndPoint? _target;
    private DateTimeOffset _asked;
    private TcpFlow? _flow;
    private bool _isHolding;
    private TlsConnection? _layer;
    private bool _isClear;
    private int _heldBytes;
    private long _nearBase;
    private long _farBase;

    /// <summary>The ends, once they are known.</summary>
    public FlowEnds? Ends => _flow?.Ends;

    /// <summary>It was begun by a connect or an accept, or by what was seen first.</summary>
    public bool HasBegun => _flow is not null;

    /// <summary>Whom it is about to connect to; null: it is not.</summary>
    public EndPoint? Target => _target;

    /// <summary>The TLS whose contents it shows; null where it shows bytes as they crossed the network.</summary>
    public TlsConnection? ClearLayer => _isClear ? _layer : null;

    /// <summary>Says something with the next packet.</summary>
    public void Comment(string text)
    {
        if (_flow is not null)
            _flow.Comment(text);
        else if (_comments.Count < TcpFlow.CommentsMax)
            _comments.Add(text);
    }

    /// <summary>A connect was begun.</summary>
    public void Connecting(DateTimeOffset time, EndPoint remote)
    {
        if (IsConnecting)
            Fail(time, refused: false, "given up for another try");
        (_target, _asked, _flow) = (remote, time, null);
    }

    /// <summary>A connect has succeeded.</summary>
    public void Connected(DateTimeOffset time, EndPoint? local, EndPoint remote, TimeSpan handshake)
    {
        DateTimeOffset asked = IsConnecting ? _asked : time - handshake;
        Begin(local, remote, connects: true).Open(asked, time);
        _target = null;
    }

    /// <summary>It was accepted.</summary>
    public void Accepted(DateTimeOffset time, EndPoint? local, EndPoint? remote) => Begin(local, remote, connects: false).Open(time, time);

    /// <summary>It was open already.</summary>
    public void Found(EndPoint? local, EndPoint? remote, bool connected) => Begin(local, remote, connected);

    /// <summary>A call has failed.</summary>
    public void Failed(DateTimeOffset time, SocketError error)
    {
        string text = FlowComments.Error(error);
        if (IsConnecting)
            Fail(time, error == SocketError.ConnectionRefused, text);
        else
            Comment(text);
    }

    /// <summary>TLS is put over the socket: what comes is its handshake.</summary>
    public void Handshaking(TlsConnection tls) => (_isHolding, _layer) = (_flow is not null && !_isClear, tls);

    /// <summary>TLS has shaken hands.</summary>
    public void Handshaken(string agreement)
    {
        if (keepEncrypted)
        {
            sink.WriteSecrets();
            Release();
            Comment(agreement);
            return;
        }

        _held.Clear();
        _isHolding = false;
        _isClear = _flow is not null;
        _nearBase = _flow?.Position(fromNear: true) ?? 0;
        _farBase = _flow?.Position(fromNear: false) ?? 0;
        Comment($"{agreement}; recorded in the clear: its handshake and its records are not here");
    }

    /// <summary>Bytes as they crossed the network.</summary>
    public void Bytes(DateTimeOffset time, bool fromNear, long offset, ReadOnlySpan<byte> data)
    {
        if (_isClear || _flow is null)
            return;
        if (_isHolding && (_heldBytes + data.Length > HeldBytesMax || (_held.Count > 0 && time - _held[0].Time > HeldTimeMax)))
            Release();
        if (_isHolding)
        {
            _held.Add(new HeldBytes(time, fromNear, offset, data.ToArray()));
            _heldBytes += data.Length;
        }
        else
        {
            _flow.Data(time, fromNear, offset, data);
        }
    }

    /// <summary>Bytes as TLS carries them.</summary>
    public void ClearBytes(DateTimeOffset time, bool fromNear, long offset, ReadOnlySpan<byte> data)
    {
        if (!_isClear || _flow is null)
            return;
        if (data.IsEmpty)
            Comment("close_notify: TLS ended in order");
        else
            _flow.Data(time, fromNear, Base(fromNear) + offset, data);
    }

    /// <summary>One direction ended, behind so many bytes.</summary>
    public void End(DateTimeOffset time, bool fromNear, long offset)
    {
        Release();
        _flow?.End(time, fromNear, Base(fromNear) + offset);
    }

    /// <summary>The peer reset the connection.</summary>
    public void Reset(DateTimeOffset time)
    {
        Release();
        if (IsConnecting)
            Fail(time, refused: true, "reset by the peer while connecting");
        _flow?.Reset(time, fromNear: false);
    }

    /// <summary>The socket was closed, behind so many bytes.</summary>
    public void Closed(DateTimeOffset time, bool aborted, long offset)
    {
        Release();
        if (IsConnecting)
            Fail(time, refused: false, "given up: another address was faster, or nobody waited any longer");
        else if (aborted)
            _flow?.Reset(time, fromNear: true);
        else
            _flow?.End(time, fromNear: true, Base(fromNear: true) + offset);
    }

    private bool IsConnecting => _target is not null;

    private long Base(bool fromNear) => !_isClear ? 0 : fromNear ? _nearBase : _farBase;

    /// <summary>A SYN without success. The port it came from is not known any more.</summary>
    private void Fail(DateTimeOffset time, bool refused, string why)
    {
        EndPoint remote = _target!;
        _target = null;
        Comment(why);
        IPEndPoint near = PseudoAddresses.For(endPoint: null, number, isNear: true);
        Begin(remote is IPEndPoint ? new IPEndPoint(IPAddress.IPv6Any, near.Port) : near, remote, connects: true).OpenInVain(_asked, time, refused);
    }

    private TcpFlow Begin(EndPoint? local, EndPoint? remote, bool connects)
    {
        FlowEnds ends = new(PseudoAddresses.For(local, number, isNear: true), PseudoAddresses.For(remote, number, isNear: false));
        _flow = new TcpFlow(ends, connects, number, packets, sink);
        if ((remote as UnixDomainSocketEndPoint ?? local as UnixDomainSocketEndPoint) is { } unix)
            _flow.Comment($"Unix socket {UnixName(connects ? unix : local as UnixDomainSocketEndPoint ?? unix)}: addresses and ports are made up");
        _comments.ForEach(_flow.Comment);
        _comments.Clear();
        return _flow;
    }

    private static string UnixName(UnixDomainSocketEndPoint endPoint) => UnixPath.Print(UnixPath.GetBytes(endPoint));

    private void Release()
    {
        _isHolding = false;
        foreach (HeldBytes held in _held)
            _flow?.Data(held.Time, held.FromNear, held.Position, held.Data);
        _held.Clear();
        _heldBytes = 0;
    }
}
