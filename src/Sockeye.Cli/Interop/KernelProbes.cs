using System.Runtime.InteropServices;

namespace Sockeye.Cli.Interop;

/// <summary>What Linux's kernel can do here, by trying: versions promise what filters and settings take away.</summary>
internal static partial class KernelProbes
{
    private const int IoUringSetup = 425; // the same number on every architecture .NET runs on
    private const int IoUringParametersLength = 120;
    private const int EpollCloseOnExec = 0x80000;
    private const int TimeStructureLength = 256; // struct timex has 208
    private const int TimeError = 5; // adjtimex(2): the clock is not synchronized

    /// <summary>0, or errno.</summary>
    public static int TryIoUring()
    {
        Span<byte> parameters = stackalloc byte[IoUringParametersLength];
        parameters.Clear();
        return CloseOrError((int)syscall(IoUringSetup, 1, ref MemoryMarshal.GetReference(parameters)));
    }

    /// <summary>0, or errno.</summary>
    public static int TryEpoll() => CloseOrError(epoll_create1(EpollCloseOnExec));

    /// <summary>Null where the kernel does not say.</summary>
    public static bool? IsClockSynchronized()
    {
        // All zero: nothing is set.
        Span<byte> time = stackalloc byte[TimeStructureLength];
        time.Clear();
        int state = adjtimex(ref MemoryMarshal.GetReference(time));
        return state < 0 ? null : state != TimeError;
    }

    private static int CloseOrError(int descriptor)
    {
        if (descriptor < 0)
            return Marshal.GetLastPInvokeError();
        _ = close(descriptor);
        return 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint entries, ref byte parameters);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int adjtimex(ref byte time);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
