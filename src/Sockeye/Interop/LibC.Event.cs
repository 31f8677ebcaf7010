using System.Runtime.InteropServices;

namespace Sockeye.Interop;

/// <summary>sys/eventfd.h of Linux.</summary>
internal static unsafe partial class LibC
{
    private const int EventCloseOnExec = 0x80000;

    /// <summary>The smallest thing that has a descriptor; null when none is left.</summary>
    public static Descriptor? TryCreateEvent() => eventfd(0, EventCloseOnExec) is >= 0 and int number ? new Descriptor(number) : null;

    [LibraryImport("libc")]
    private static partial int eventfd(uint initial, int flags);
}
