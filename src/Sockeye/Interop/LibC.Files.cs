using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sockeye.Interop;

/// <summary>fcntl.h and unistd.h of Unix.</summary>
internal static unsafe partial class LibC
{
    private static readonly int DuplicateCloseOnExec = OperatingSystem.IsMacOS() ? 67 : 1030;
    private const int GetFlags = 3;
    private const int SetFlags = 4;
    private static readonly int NonBlock = OperatingSystem.IsMacOS() ? 0x4 : 0x800;

    /// <summary>A second descriptor for the same socket, in blocking mode as new sockets are.</summary>
    public static SafeSocketHandle Duplicate(SafeHandle socket)
    {
        int copy = fcntl(socket, DuplicateCloseOnExec, 0);
        if (copy < 0)
            throw new SocketException((int)Errno.ToSocketError(Marshal.GetLastPInvokeError()));
        SafeSocketHandle handle = new(copy, ownsHandle: true);
        int flags = fcntl(handle, GetFlags, 0);
        _ = fcntl(handle, SetFlags, flags & ~NonBlock);
        return handle;
    }

    [LibraryImport("libc")]
    public static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeHandle socket, int command, int argument);
}
