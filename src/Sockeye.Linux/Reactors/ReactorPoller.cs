using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>The epoll of one reactor.</summary>
internal class ReactorPoller : EpollPoller
{
    /// <summary>The most that one call finds.</summary>
    public const int BatchMax = 128;

    /// <summary>The key of what is no socket: a socket's key is its place in a table.</summary>
    public const ulong NoSocket = ulong.MaxValue;

    private readonly ulong[] _keys = new ulong[BatchMax];
    private readonly SocketEvents[] _events = new SocketEvents[BatchMax];
    private volatile bool _isClosed;

    /// <exception cref="SocketException">No descriptor is left.</exception>
    public ReactorPoller()
    {
        if (!TryStart())
            throw SocketErrors.Create(SocketError.TooManyOpenSockets, "start a reactor");
    }

    public SafeFileHandle Epoll => Handle!;

    public override void Arm(HostSocket socket, SocketEvents events)
    {
        if (!_isClosed)
            base.Arm(socket, events);
        if (_isClosed)
            socket.Readiness.Close();
    }

    /// <summary>Marks who waits for what has come since the last time.</summary>
    /// <param name="waits">Whether to wait for it.</param>
    /// <param name="woken">Who is to be resumed.</param>
    /// <returns>How much came; as much as <see cref="BatchMax"/>: there may be more.</returns>
    public int Collect(bool waits, ref SocketReadiness.Woken woken)
    {
        int count = LibC.EpollWait(Epoll, _keys, _events, waits);

        // Each goes to the front: backwards, so that the first is resumed first.
        for (int i = count - 1; i >= 0; i--)
        {
            if (_keys[i] != NoSocket && Table.Find((int)_keys[i]) is { } readiness)
                woken.Signal(readiness, _events[i]);
        }

        return count;
    }

    /// <summary>Nobody asks any more: ends all waits, now and later.</summary>
    public void Close()
    {
        _isClosed = true;
        foreach (SocketReadiness readiness in Watched())
            readiness.Close();
        Epoll.Dispose();
    }

    /// <summary>The reactor asks.</summary>
    private protected override bool TryStart(SafeFileHandle epoll, PollTable table) => true;
}
