using System.Net;
using System.Net.Sockets;

namespace Sockeye.Hub.Watching;

/// <summary>
/// Where one connection is watched: it hears the socket, if there is one, and the gateway, and tells who watches. While nobody does, it hears nothing.
/// </summary>
/// <param name="time">Says when things happen.</param>
/// <param name="since">The time stamp of the connection's beginning.</param>
/// <param name="connection">Whose socket is heard; null: the gateway tells everything.</param>
internal sealed class WireTap(TimeProvider time, long since, Connection? connection = null) : SocketObserver
{
    private readonly Lock _lock = new();
    private readonly bool _isEncrypted = connection?.Layer<TlsConnection>() is not null;
    private WireWatch[] _watches = [];
    private SocketObserver? _former;

    /// <summary>Whether anybody watches: what nobody is shown need not be told.</summary>
    public bool IsWatched => Volatile.Read(ref _watches).Length > 0;

    /// <summary>Shows <paramref name="watch"/> what happens from now on.</summary>
    public void Add(WireWatch watch)
    {
        lock (_lock)
        {
            if (_watches.Length == 0 && connection?.Socket is { } socket)
            {
                _former = socket.Observer;
                socket.Observer = Combine(_former, this);
            }

            _watches = [.. _watches, watch];
        }
    }

    /// <summary>Shows it no more.</summary>
    public void Remove(WireWatch watch)
    {
        lock (_lock)
        {
            if (_watches.Length == 0)
                return;
            _watches = [.. _watches.Where(other => other != watch)];
            if (_watches.Length == 0 && connection?.Socket is { } socket)
                socket.Observer = _former;
        }
    }

    /// <summary>Something came that is a whole.</summary>
    /// <param name="bytes">How long it is.</param>
    /// <param name="text">What of it may be shown.</param>
    public void Frame(long bytes, WireText text) => Tell(WireEventKind.Frame, bytes, text.Shown, isHidden: text.Shown is null, text.Bytes);

    /// <summary>Bytes came, where there is no socket to hear it from. What is in them is shown as a frame, if at all.</summary>
    public void Received(long bytes) => Tell(WireEventKind.Received, bytes);

    /// <summary>Bytes went, where there is no socket to hear it from.</summary>
    public void Sent(ReadOnlySpan<byte> data) => TellData(WireEventKind.Sent, data);

    /// <summary>Something without bytes happened, where there is no socket to hear it from.</summary>
    public void Happened(WireEventKind kind, string? text = null) => Tell(kind, 0, text);

    public override void Sent(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote)
    {
        if (_isEncrypted)
            Tell(WireEventKind.Sent, data.Length);
        else
            TellData(WireEventKind.Sent, data);
    }

    public override void Received(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) => Tell(WireEventKind.Received, data.Length);

    public override void Decrypted(NetworkSocket socket, ReadOnlySpan<byte> data) => Tell(WireEventKind.Decrypted, data.Length);

    public override void Encrypting(NetworkSocket socket, ReadOnlySpan<byte> data) => TellData(WireEventKind.Encrypting, data);

    public override void Handshaken(NetworkSocket socket, Connection over, TimeSpan elapsed) => Tell(WireEventKind.Handshaken, 0);

    public override void HalfClosed(NetworkSocket socket, bool byPeer) => Tell(byPeer ? WireEventKind.HalfClosedByPeer : WireEventKind.HalfClosedByUs, 0);

    public override void Reset(NetworkSocket socket) => Tell(WireEventKind.Reset, 0);

    public override void Error(NetworkSocket socket, SocketError error) => Tell(WireEventKind.Error, 0, error.ToString());

    public override void Closed(NetworkSocket socket, bool aborted) => Tell(aborted ? WireEventKind.Aborted : WireEventKind.Closed, 0);

    /// <summary>What the hub sends holds no secrets: it may be shown to whom the connection belongs.</summary>
    private void TellData(WireEventKind kind, ReadOnlySpan<byte> data)
    {
        WireWatch[] watches = Volatile.Read(ref _watches);
        if (watches.Length == 0)
            return;
        WireText text = Array.Exists(watches, watch => watch.IsOwn) ? WireText.OfBytes(data) : default;
        Tell(kind, data.Length, text.Shown, isHidden: false, text.Bytes);
    }

    private void Tell(WireEventKind kind, long bytes, string? text = null, bool isHidden = false, byte[]? data = null)
    {
        WireWatch[] watches = Volatile.Read(ref _watches);
        if (watches.Length == 0)
            return;
        WireEvent happened = new(kind, time.GetElapsedTime(since), bytes, text, isHidden, data);
        foreach (WireWatch watch in watches)
            watch.Add(happened);
    }
}
