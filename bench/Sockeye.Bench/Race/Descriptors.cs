using System.Globalization;

namespace Sockeye.Bench.Race;

/// <summary>How many descriptors a process of this user may have (<c>ulimit -Hn</c>): a connection takes one at each end.</summary>
internal static class Descriptors
{
    /// <summary>What a runtime takes for itself, with room.</summary>
    private const int Reserve = 300;

    /// <summary>Why a workload cannot be run with them; null when it can.</summary>
    public static string? ReasonAgainst(Workload workload)
    {
        long needed = workload.Connections + workload.Idle + Reserve, allowed = ReadMax();
        if (needed <= allowed)
            return null;
        long idle = allowed - workload.Connections - Reserve;
        return $"it takes {needed:N0} descriptors in a process, and there may be {allowed:N0} (ulimit -Hn){(workload.Idle > 0 && idle > 0 ? $"; --idle {idle} would do" : "")}";
    }

    /// <summary>proc(5): Max open files, then the soft and the hard limit.</summary>
    private static long ReadMax()
    {
        string hard = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        return hard == "unlimited" ? long.MaxValue : long.Parse(hard, CultureInfo.InvariantCulture);
    }
}
