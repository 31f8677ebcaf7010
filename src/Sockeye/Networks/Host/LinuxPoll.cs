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
            if (socket.IsClosed || LibC.Poll(socket.Descriptor, events, Milliseconds(remaining)) != SocketEvents.None)
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
        SafeHandle[] descriptors = new SafeHandle[items.Length];
        SocketEvents[] events = new SocketEvents[items.Length];
        SocketEvents[] found = new SocketEvents[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            ObjectDisposedException.ThrowIf(items[i].Socket.IsClosed, items[i].Socket);
            descriptors[i] = items[i].Socket is HostSocket socket ? socket.Descriptor : throw new ArgumentException("The socket lives on another network.", nameof(items));
            events[i] = items[i].Events;
        }

        SocketDeadline deadline = new(timeout, time);
        int ready;
        do
        {
            TimeSpan? remaining = deadline.Remaining;
            ready = LibC.Poll(descriptors, events, found, Milliseconds(remaining));
            if (ready == 0 && remaining == TimeSpan.Zero)
                break;
        }
        while (ready <= 0);

        for (int i = 0; i < items.Length; i++)
        {
            items[i].Found = found[i];
        }

        return Math.Max(ready, 0);
    }

    /// <summary>Rounded up: a wait that ends early would turn round at full speed.</summary>
    private static int Milliseconds(TimeSpan? timeout) =>
        timeout is { } limit ? (int)Math.Min(int.MaxValue, Math.Ceiling(limit.TotalMilliseconds)) : -1;
}
