using System.Diagnostics;
using System.Globalization;

namespace Sockeye.Bench.Race;

/// <summary>The core that servers have, and the one that the generator has: the first two this process may use.</summary>
internal sealed record Cores(int Server, int Load)
{
    private const string AllowedList = "Cpus_allowed_list:";

    /// <exception cref="ArgumentException">There is only one.</exception>
    public static Cores Find()
    {
        string allowed = File.ReadLines("/proc/self/status").First(line => line.StartsWith(AllowedList, StringComparison.Ordinal))[AllowedList.Length..].Trim();
        int[] cores = [.. allowed.Split(',').SelectMany(Expand).Take(2)];
        return cores is [var server, var load] ? new Cores(server, load) : throw new ArgumentException("it needs two cores: one for the server, one for the generator");
    }

    /// <summary>Has a program start on a core and stay there.</summary>
    public static void Pin(ProcessStartInfo start, int core)
    {
        start.ArgumentList.Insert(0, start.FileName);
        start.ArgumentList.Insert(0, $"{core}");
        start.ArgumentList.Insert(0, "-c");
        start.FileName = "taskset";
    }

    private static IEnumerable<int> Expand(string range)
    {
        int[] ends = [.. range.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture))];
        return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
    }
}
