using System.Net.Sockets;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>Whether this process may use io_uring, and has all that the reactors need of it: found out once, by a request that is really made.</summary>
internal static unsafe class RingProbe
{
    /// <summary>Multishot receives that give way, and rings that complete in their own thread, came with this one.</summary>
    private static readonly Version KernelMin = new(6, 1);

    private static readonly Lazy<string?> Reason = new(Find);

    /// <summary>Why not; null: it may.</summary>
    public static string? WhyNot => Reason.Value;

    private static string? Find()
    {
        if (Environment.OSVersion.Version < KernelMin)
            return $"it needs Linux {KernelMin}, and this is {Environment.OSVersion.Version}";
        using Ring? ring = Ring.TryCreate(submissionEntries: 4, completionEntries: 8, out int errno);
        if (ring is null)
            return Describe(errno);
        if (ring.Enable() is not 0 and var notEnabled)
            return Describe(notEnabled);
        using ReceiveBuffers buffers = new(slotsMax: 1);
        if (ring.RegisterBuffers(buffers.Start, buffers.Entries, group: 0) is not 0 and var notRegistered)
            return Describe(notRegistered);
        return ReceivesByte(ring, buffers) ? null : "a receive into a ring of buffers did not work";
    }

    /// <summary>What an error number of io_uring_setup(2) or io_uring_register(2) means.</summary>
    public static string Describe(int errno) => errno switch
    {
        Errno.NotPermitted => "this process may not (kernel.io_uring_disabled, or a container's seccomp rules)",
        Errno.NotImplemented => "this kernel has none",
        Errno.NoMemory => "no memory may be locked (ulimit -l)",
        _ => $"the kernel said {Errno.ToSocketError(errno)} (error {errno})",
    };

    private static bool ReceivesByte(Ring ring, ReceiveBuffers buffers)
    {
        if (LibC.Pair(SocketType.Stream, out Descriptor? first, out Descriptor? second) != SocketError.Success)
            return false;
        using (first)
        using (second)
        {
            if (LibC.Send(first!, [42], SocketFlags.None, out _) != SocketError.Success)
                return false;
            RingEntry* entry = ring.Next();
            entry->Operation = RingOperation.Receive;
            entry->Flags = RingEntry.SelectBuffer;
            entry->Priority = RingEntry.ReceiveMultishot;
            entry->Descriptor = second!.Number;
            ring.Enter(waits: true);
            bool hasByte = ring.TryComplete(out RingCompletion completion) && completion is { Result: 1, Buffer: { } slot, HasMore: true } && buffers.Take(slot, length: 1).Bytes[0] == 42;

            // Before the memory goes: the end of the stream ends the request.
            first!.Dispose();
            while (hasByte && completion.HasMore)
            {
                ring.Enter(waits: true);
                while (ring.TryComplete(out completion) && completion.HasMore)
                    continue;
            }

            return hasByte;
        }
    }
}
