using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sockeye.Interop;

/// <summary>poll.h, sys/epoll.h and sys/eventfd.h of Linux.</summary>
internal static unsafe partial class LibC
{
    private const short PollIn = 0x1;
    private const short PollPriority = 0x2;
    private const short PollOut = 0x4;
    private const short PollError = 0x8;
    private const short PollHangUp = 0x10;
    private const short PollInvalid = 0x20;
    private const short PollReadHangUp = 0x2000;

    private const int EpollAdd = 1;
    private const int EpollDelete = 2;
    private const int EpollModify = 3;
    private const uint EpollEdge = 1u << 31;
    private const uint EpollOneShot = 1u << 30;
    private const int EpollCloseOnExec = 0x80000;

    /// <summary>The kernel packs struct epoll_event on x86-64 only (epoll_ctl(2)).</summary>
    private static readonly int EpollEventSize = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;
    private static readonly int EpollDataOffset = EpollEventSize - 8;

    /// <summary>Waits for one socket on this thread: what is ready, or none when the time has passed.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="events">What to wait for.</param>
    /// <param name="milliseconds">-1 for ever, 0 not at all.</param>
    /// <param name="endIsHangUp">Whether a peer that sends no more counts as a hang-up: where messages may be empty, nothing else tells its end.</param>
    public static SocketEvents Poll(SafeHandle socket, SocketEvents events, int milliseconds, bool endIsHangUp = false)
    {
        bool added = false;
        try
        {
            socket.DangerousAddRef(ref added);
            PollEntry entry = new() { Descriptor = (int)socket.DangerousGetHandle(), Events = ToPoll(events) };
            int ready = poll(&entry, 1, milliseconds);
            ThrowIfFailed(ready, count: 1);
            if (ready <= 0)
                return SocketEvents.None;
            SocketEvents found = FromPoll(entry.Found);
            return endIsHangUp && (entry.Found & PollReadHangUp) != 0 ? found | SocketEvents.HangUp : found;
        }
        catch (ObjectDisposedException)
        {
            return SocketEvents.HangUp;
        }
        finally
        {
            if (added)
                socket.DangerousRelease();
        }
    }

    /// <summary>Waits for any of several sockets on this thread; marks what each is ready for.</summary>
    /// <returns>How many are ready; 0 after <paramref name="milliseconds"/>; -1 when a signal interrupted the wait.</returns>
    public static int Poll(ReadOnlySpan<SafeHandle> sockets, ReadOnlySpan<SocketEvents> events, Span<SocketEvents> found, int milliseconds)
    {
        PollEntry[] entries = new PollEntry[sockets.Length];
        int held = 0;
        try
        {
            for (bool added = false; held < sockets.Length; held++, added = false)
            {
                sockets[held].DangerousAddRef(ref added);
                entries[held] = new PollEntry { Descriptor = (int)sockets[held].DangerousGetHandle(), Events = ToPoll(events[held]) };
            }

            int ready;
            fixed (PollEntry* first = entries)
                ready = poll(first, (nuint)entries.Length, milliseconds);
            ThrowIfFailed(ready, entries.Length);
            for (int i = 0; i < entries.Length; i++)
                found[i] = FromPoll(entries[i].Found);
            return ready;
        }
        finally
        {
            while (held-- > 0)
                sockets[held].DangerousRelease();
        }
    }

    /// <summary>An interrupted wait is begun anew; any other failure would come again at once, and for ever.</summary>
    private static void ThrowIfFailed(int ready, int count)
    {
        if (ready >= 0)
            return;
        int error = Marshal.GetLastPInvokeError();
        if (error == Errno.Interrupted)
            return;
        bool tooMany = Errno.ToSocketError(error) == SocketError.InvalidArgument;
        throw SocketErrors.Create(
            Errno.ToSocketError(error), $"poll {count} sockets", where: null, advice: tooMany ? "poll fewer, or raise the limit with 'ulimit -n'" : null,
            reason: tooMany ? "they are more than the descriptors this process may open" : null);
    }

    public static SafeFileHandle CreateEpoll() => new(epoll_create1(EpollCloseOnExec), ownsHandle: true);

    /// <summary>Reports every change of readiness of <paramref name="socket"/> under <paramref name="key"/>, once each (edge-triggered).</summary>
    public static SocketError EpollWatch(SafeFileHandle epoll, SafeHandle socket, ulong key)
    {
        byte* entry = stackalloc byte[16];
        *(uint*)entry = EpollEdge | (ushort)(PollIn | PollOut | PollPriority | PollReadHangUp);
        *(ulong*)(entry + EpollDataOffset) = key;
        return Result(epoll_ctl(epoll, EpollAdd, socket, entry));
    }

    public static void EpollForget(SafeFileHandle epoll, SafeHandle socket)
    {
        byte* entry = stackalloc byte[16];
        _ = epoll_ctl(epoll, EpollDelete, socket, entry);
    }

    /// <summary>Reports once that <paramref name="other"/> has something to report, which an epoll may watch like a socket; again after the next call.</summary>
    /// <param name="epoll">Whose wait it ends.</param>
    /// <param name="other">The epoll to watch.</param>
    /// <param name="isFirst">Whether it is the first call for the two.</param>
    public static SocketError EpollWatchOnce(SafeFileHandle epoll, SafeFileHandle other, bool isFirst)
    {
        byte* entry = stackalloc byte[16];
        *(uint*)entry = EpollOneShot | (ushort)PollIn;
        *(ulong*)(entry + EpollDataOffset) = 0;
        return Result(epoll_ctl(epoll, isFirst ? EpollAdd : EpollModify, other, entry));
    }

    /// <summary>Fills <paramref name="keys"/> and <paramref name="events"/> with what has changed; 0 when nothing has, or the wait was interrupted.</summary>
    /// <param name="epoll">What watches.</param>
    /// <param name="keys">The keys of what has changed.</param>
    /// <param name="events">What each of them is ready for.</param>
    /// <param name="waits">Whether to wait for a change, or only to look.</param>
    public static int EpollWait(SafeFileHandle epoll, Span<ulong> keys, Span<SocketEvents> events, bool waits)
    {
        byte* entries = stackalloc byte[16 * 128];
        int count = epoll_wait(epoll, entries, Math.Min(128, keys.Length), waits ? -1 : 0);
        for (int i = 0; i < count; i++)
        {
            byte* entry = entries + (i * EpollEventSize);
            short found = (short)*(uint*)entry;
            events[i] = (found & PollReadHangUp) != 0 ? FromPoll(found) | SocketReadiness.PeerEnded : FromPoll(found);
            keys[i] = *(ulong*)(entry + EpollDataOffset);
        }

        return Math.Max(count, 0);
    }

    private static short ToPoll(SocketEvents events)
    {
        int poll = PollReadHangUp;
        if ((events & SocketEvents.Readable) != 0)
            poll |= PollIn;
        if ((events & SocketEvents.Writable) != 0)
            poll |= PollOut;
        if ((events & SocketEvents.Priority) != 0)
            poll |= PollPriority;
        return (short)poll;
    }

    private static SocketEvents FromPoll(short poll)
    {
        SocketEvents events = SocketEvents.None;
        if ((poll & (PollIn | PollReadHangUp)) != 0)
            events |= SocketEvents.Readable;
        if ((poll & PollOut) != 0)
            events |= SocketEvents.Writable;
        if ((poll & PollPriority) != 0)
            events |= SocketEvents.Priority;
        if ((poll & (PollError | PollInvalid)) != 0)
            events |= SocketEvents.Error;
        if ((poll & PollHangUp) != 0)
            events |= SocketEvents.HangUp;
        return events;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(SafeFileHandle epoll, int operation, SafeHandle socket, byte* entry);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(SafeFileHandle epoll, byte* entries, int max, int milliseconds);
}
