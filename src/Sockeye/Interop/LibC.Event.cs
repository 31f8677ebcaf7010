using System.Runtime.InteropServices;

namespace Sockeye.Interop;

/// <summary>sys/eventfd.h of Linux.</summary>
internal static unsafe partial class LibC
{
    private const int EventCloseOnExec = 0x80000;
    private const int DescriptorResource = 7;

    /// <summary>The smallest thing that has a descriptor; null when none is left.</summary>
    public static Descriptor? TryCreateEvent() => eventfd(0, EventCloseOnExec) is >= 0 and int number ? new Descriptor(number) : null;

    /// <summary>How many descriptors this process may have open (RLIMIT_NOFILE, getrlimit(2)); null: nobody knows.</summary>
    public static ulong? DescriptorLimit()
    {
        ulong* limits = stackalloc ulong[2];
        return getrlimit(DescriptorResource, limits) == 0 ? limits[0] : null;
    }

    [LibraryImport("libc")]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, ulong* limits);
}
