using System.Runtime.InteropServices;

namespace Sockeye.Interop;

/// <summary>The kernel's struct timespec of CLOCK_REALTIME, as SO_TIMESTAMPNS gives it.</summary>
internal static class KernelTime
{
    private const int NanosecondsPerTick = 100;

    /// <summary>The time in UTC; null: there is none.</summary>
    public static DateTime? Read(ReadOnlySpan<byte> timespec)
    {
        if (timespec.Length < 2 * IntPtr.Size)
            return null;
        (long seconds, long nanoseconds) = IntPtr.Size == 8
            ? (MemoryMarshal.Read<long>(timespec), MemoryMarshal.Read<long>(timespec[8..]))
            : (MemoryMarshal.Read<int>(timespec), MemoryMarshal.Read<int>(timespec[4..]));
        return DateTime.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + (nanoseconds / NanosecondsPerTick));
    }
}
