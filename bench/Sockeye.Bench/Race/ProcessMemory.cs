using System.Globalization;

namespace Sockeye.Bench.Race;

/// <summary>Memory of a process and all below it, in bytes, from /proc/PID/smaps_rollup.</summary>
/// <param name="Resident">With shared pages.</param>
/// <param name="Proportional">A page that others share counts by its share.</param>
internal sealed record ProcessMemory(long Resident, long Proportional)
{
    public static ProcessMemory OfTree(int process)
    {
        ProcessMemory[] all = [.. ProcessTime.TreeOf(process).Select(Of)];
        return new ProcessMemory(all.Sum(one => one.Resident), all.Sum(one => one.Proportional));
    }

    private static ProcessMemory Of(int process)
    {
        string[] lines = File.ReadAllLines($"/proc/{process}/smaps_rollup");
        return new ProcessMemory(Find("Rss:"), Find("Pss:"));

        long Find(string name) => 1024 * long.Parse(
            lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
