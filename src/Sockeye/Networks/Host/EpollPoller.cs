using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>
/// One thread in <c>epoll_wait</c> for all sockets of the process. A socket is added at its first wait, edge-triggered, for everything, and stays until it
/// is closed: no system call a wait. Adding reports what is ready already, so nothing is missed in between.
/// </summary>
internal sealed class EpollPoller : HostPoller
{
    public static readonly EpollPoller Shared = new();

    private const int BatchMax = 128;

    private readonly Lock _lock = new();
    private readonly Stack<int> _free = new();
    private SafeFileHandle? _epoll;
    private HostSocket?[] _sockets = new HostSocket?[64];
    private int _count;

    public override void Arm(HostSocket socket, SocketEvents events)
    {
        if (socket.PollKey >= 0)
            return;
        lock (_lock)
        {
            if (socket.PollKey >= 0 || socket.IsClosed)
                return;
            int key = _free.TryPop(out int free) ? free : _count++;
            if (key >= _sockets.Length)
                Array.Resize(ref _sockets, _sockets.Length * 2);
            _sockets[key] = socket;
            if (LibC.EpollWatch(Started(), socket.Descriptor, (ulong)key) == SocketError.Success)
            {
                socket.PollKey = key;
                return;
            }

            _sockets[key] = null;
            _free.Push(key);
        }

        // No watch (out of memory, or a limit of the kernel's): let the caller try again rather than wait in vain.
        socket.SignalCore(events);
    }

    public override void Forget(HostSocket socket)
    {
        lock (_lock)
        {
            if (socket.PollKey < 0)
                return;
            LibC.EpollForget(_epoll!, socket.Descriptor);

            // An event under this key may be on its way; whoever has the key next takes it for a spurious one, which waits allow.
            _sockets[socket.PollKey] = null;
            _free.Push(socket.PollKey);
            socket.PollKey = -1;
        }
    }

    private SafeFileHandle Started()
    {
        if (_epoll is not null)
            return _epoll;
        SafeFileHandle epoll = LibC.CreateEpoll();
        if (epoll.IsInvalid)
        {
            // No descriptor is left; the next wait tries again.
            return epoll;
        }

        _epoll = epoll;
        new Thread(Run) { IsBackground = true, Name = "Sockeye epoll" }.Start();
        return _epoll;
    }

    private void Run()
    {
        ulong[] keys = new ulong[BatchMax];
        SocketEvents[] events = new SocketEvents[BatchMax];
        while (true)
        {
            int count = LibC.EpollWait(_epoll!, keys, events);
            for (int i = 0; i < count; i++)
                Volatile.Read(ref _sockets)[keys[i]]?.SignalCore(events[i]);
        }
    }
}
