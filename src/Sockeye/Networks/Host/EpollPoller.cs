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
    private readonly PollTable _table = new();
    private SafeFileHandle? _epoll;

    public override void Arm(HostSocket socket, SocketEvents events)
    {
        if (socket.PollKey >= 0)
            return;
        lock (_lock)
        {
            if (socket.PollKey >= 0 || socket.IsClosed)
                return;
            int key = _table.Add(socket);
            if (LibC.EpollWatch(Started(), socket.Descriptor, (ulong)key) == SocketError.Success)
            {
                socket.PollKey = key;
                return;
            }

            _table.Remove(key);
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
            _table.Remove(socket.PollKey);
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
                _table.Find((int)keys[i])?.Signal(events[i]);
        }
    }
}
