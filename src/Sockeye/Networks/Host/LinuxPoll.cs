using System.Runtime.InteropServices;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>Waiting on a thread by <c>poll(2)</c>. A wait that a signal interrupts goes on with the time that is left.</summary>
internal static class LinuxPoll
{
    public static bool Wait(HostSocket socket, SocketEvents events, TimeSpan? timeout, TimeProvider time)
    {
        SocketDeadline deadline = new(timeout, time);
        while (true)
        {
            TimeSpan? remaining = deadline.Remaining;
            if (socket.IsClosed || IsHere(socket, events) || LibC.Poll(socket.Descriptor, events, Milliseconds(remaining)) != SocketEvents.None)
                return true;
            if (remaining is not null && (remaining == TimeSpan.Zero || deadline.Remaining == TimeSpan.Zero))
                return false;
        }
    }

    /// <summary>Waits for nothing but the time.</summary>
    public static bool Pause(TimeSpan pause, TimeSpan? timeout)
    {
        if (timeout == TimeSpan.Zero)
            return false;
        LibC.Poll([], [], [], Milliseconds(timeout < pause ? timeout : pause));
        return true;
    }

    public static int Poll(Span<SocketPoll> items, TimeSpan? timeout, TimeProvider time)
    {
        HostSocket[] sockets = new HostSocket[items.Length];
        SocketEvents[] events = new SocketEvents[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            sockets[i] = items[i].Socket as HostSocket ?? throw new ArgumentException("The socket lives on another network.", nameof(items));
            events[i] = items[i].Events;
        }

        foreach (HostSocket socket in sockets)
            socket.EnterThreadWait();
        try
        {
            return Poll(items, sockets, events, new SocketDeadline(timeout, time));
        }
        finally
        {
            foreach (HostSocket socket in sockets)
                socket.LeaveThreadWait();
        }
    }

    private static int Poll(Span<SocketPoll> items, HostSocket[] sockets, SocketEvents[] events, SocketDeadline deadline)
    {
        SafeHandle[] descriptors = Array.ConvertAll(sockets, socket => socket.Descriptor);
        SocketEvents[] found = new SocketEvents[items.Length];
        while (true)
        {
            TimeSpan? remaining = deadline.Remaining;
            try
            {
                LibC.Poll(descriptors, events, found, IsOneKnown(sockets, events) ? 0 : Milliseconds(remaining));
            }
            catch (ObjectDisposedException) when (Array.Exists(sockets, socket => socket.IsClosed))
            {
                // Closed before the kernel was asked; what the others are is asked next time.
                Array.Clear(found);
            }

            int ready = 0;
            for (int i = 0; i < items.Length; i++)
            {
                // A closed socket is at its end, as the poll without a thread has it.
                items[i].Found = sockets[i].IsClosed ? SocketEvents.HangUp : IsHere(sockets[i], events[i]) ? found[i] | SocketEvents.Readable : found[i];
                ready += items[i].Found != SocketEvents.None ? 1 : 0;
            }

            if (ready > 0 || remaining == TimeSpan.Zero)
                return ready;
        }
    }

    private static bool IsOneKnown(HostSocket[] sockets, SocketEvents[] events)
    {
        for (int i = 0; i < sockets.Length; i++)
        {
            if (sockets[i].IsClosed || IsHere(sockets[i], events[i]))
                return true;
        }

        return false;
    }

    private static bool IsHere(HostSocket socket, SocketEvents events) => (events & SocketEvents.Readable) != 0 && socket.HoldsMessage;

    /// <summary>Rounded up: a wait that ends early would turn round at full speed.</summary>
    private static int Milliseconds(TimeSpan? timeout) =>
        timeout is { } limit ? (int)Math.Min(int.MaxValue, Math.Ceiling(limit.TotalMilliseconds)) : -1;
}
