using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>
/// An epoll and the sockets in it. A socket is added at its first wait, edge-triggered, for everything, and stays until it is closed: no system
/// call a wait. Adding reports what is ready already, so nothing is missed in between. Who asks the epoll is the business of whoever starts it: the
/// process has one that <see cref="EpollTurn"/> asks.
/// </summary>
internal class EpollPoller : HostPoller
{
    public static readonly EpollPoller Shared = new();

    private const SocketEvents AllEvents = SocketEvents.Readable | SocketEvents.Writable | SocketEvents.Priority | SocketEvents.Error | SocketEvents.HangUp;

    private readonly Lock _lock = new();
    private readonly PollTable _table = new();
    private SafeFileHandle? _epoll;

    /// <summary>The sockets, by key.</summary>
    private protected PollTable Table => _table;

    /// <summary>What watches, once it was started.</summary>
    private protected SafeFileHandle? Handle => _epoll;

    public override void Arm(HostSocket socket, SocketEvents events)
    {
        if (socket.PollKey >= 0)
            return;
        SafeFileHandle? epoll;
        int key;
        lock (_lock)
        {
            if (socket.PollKey >= 0 || socket.IsClosed)
                return;
            epoll = Started();
            socket.PollKey = key = _table.Add(socket);
        }

        // Not under the lock: adding a socket that is ready wakes another thread, which may well take this one's processor.
        if (!TryWatch(epoll, socket, key))
            Unwatched(socket, key);
    }

    public override void Forget(HostSocket socket)
    {
        int key;
        lock (_lock)
        {
            key = socket.PollKey;
            if (key < 0)
                return;
            socket.PollKey = -1;
            _table.Remove(key);
        }

        // The kernel forgets a descriptor that is closed, unless it goes on under another number.
        if (!socket.IsDescriptorShared)
            return;
        try
        {
            LibC.EpollForget(_epoll!, socket.Descriptor);
        }
        catch (ObjectDisposedException)
        {
            // The epoll was closed before its sockets, and watches nothing any more.
        }
    }

    /// <summary>Sees to it that somebody asks the epoll; false: no descriptor is left.</summary>
    private protected virtual bool TryStart(SafeFileHandle epoll, PollTable table) => EpollTurn.TryStart(epoll, table);

    /// <summary>Starts before anybody waits; false: no descriptor is left.</summary>
    private protected bool TryStart()
    {
        lock (_lock)
            return Started() is not null;
    }

    /// <summary>The sockets that are watched now.</summary>
    private protected SocketReadiness[] Watched()
    {
        lock (_lock)
            return _table.Watched();
    }

    private bool TryWatch(SafeFileHandle? epoll, HostSocket socket, int key)
    {
        bool held = false;
        try
        {
            socket.Descriptor.DangerousAddRef(ref held);
            if (epoll is null || LibC.EpollWatch(epoll, socket.Descriptor, (ulong)key) != SocketError.Success)
                return false;
            if (socket.IsDescriptorShared && !IsWatched(socket, key))
                LibC.EpollForget(epoll, socket.Descriptor);
            return true;
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile, which has ended its waits.
            return true;
        }
        finally
        {
            if (held)
                socket.Descriptor.DangerousRelease();
        }
    }

    /// <summary>False: it was forgotten while it was added, which found nothing to forget.</summary>
    private bool IsWatched(HostSocket socket, int key)
    {
        lock (_lock)
            return socket.PollKey == key;
    }

    /// <summary>No watch (no descriptor is left, no memory, or a limit of the kernel's): let all who wait try again rather than wait in vain.</summary>
    private void Unwatched(HostSocket socket, int key)
    {
        lock (_lock)
        {
            if (socket.PollKey == key)
            {
                socket.PollKey = -1;
                _table.Remove(key);
            }
        }

        socket.SignalCore(AllEvents);
    }

    /// <summary>Null when no descriptor is left; the next wait tries again.</summary>
    private SafeFileHandle? Started()
    {
        if (_epoll is not null)
            return _epoll;
        SafeFileHandle epoll = LibC.CreateEpoll();
        if (epoll.IsInvalid || !TryStart(epoll, _table))
        {
            epoll.Dispose();
            return null;
        }

        return _epoll = epoll;
    }
}
