using System.Globalization;

namespace Sockeye.Bench.Race;

/// <summary>How long the two cores have been busy with anything at all, from /proc/stat.</summary>
internal static class CoreTimes
{
    private const double TicksPerSecond = 100;

    /// <summary>Seconds so far, of both: of all programs and the kernel, and what the machine below took (steal).</summary>
    public static double ReadBusySeconds(Cores cores) => File.ReadLines("/proc/stat").Where(line => IsOf(cores, line)).Sum(BusyTicks) / TicksPerSecond;

    private static bool IsOf(Cores cores, string line) =>
        line.StartsWith($"cpu{cores.Server} ", StringComparison.Ordinal) || line.StartsWith($"cpu{cores.Load} ", StringComparison.Ordinal);

    /// <summary>proc(5): user, nice, system, then idle and iowait, which are none, then irq, softirq, steal.</summary>
    private static long BusyTicks(string line)
    {
        long[] ticks = [.. line.Split(' ').Skip(1).Take(8).Select(field => long.Parse(field, CultureInfo.InvariantCulture))];
        return ticks.Sum() - ticks[3] - ticks[4];
    }
}
