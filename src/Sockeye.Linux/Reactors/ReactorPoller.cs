using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Sockeye;

/// <summary>The epoll of one reactor.</summary>
internal sealed class ReactorPoller : EpollPoller
{
    private PollTable? _table;
    private SafeFileHandle? _epoll;
    private volatile bool _isClosed;

    /// <exception cref="SocketException">No descriptor is left.</exception>
    public ReactorPoller()
    {
        if (!TryStart())
            throw SocketErrors.Create(SocketError.TooManyOpenSockets, "start a reactor");
    }

    public SafeFileHandle Epoll => _epoll!;

    public SocketReadiness? Find(ulong key) => _table!.Find((int)key);

    public override void Arm(HostSocket socket, SocketEvents events)
    {
        if (!_isClosed)
            base.Arm(socket, events);
        if (_isClosed)
            socket.Readiness.Close();
    }

    /// <summary>Nobody asks any more: ends all waits, now and later.</summary>
    public void Close()
    {
        _isClosed = true;
        foreach (SocketReadiness readiness in Watched())
            readiness.Close();
        _epoll!.Dispose();
    }

    private protected override bool TryStart(SafeFileHandle epoll, PollTable table)
    {
        _epoll = epoll;
        _table = table;
        return true;
    }
}
