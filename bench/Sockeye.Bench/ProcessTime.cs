using System.Globalization;

namespace Sockeye.Bench;

/// <summary>The processor time of a process, of its children, and of those of them that have ended, from /proc/PID/stat.</summary>
internal static class ProcessTime
{
    /// <summary>USER_HZ: what the kernel counts in, whatever its own tick is (proc(5)).</summary>
    private const double TicksPerSecond = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    /// <summary>Once it stands still: a child that is just ending is at one moment neither its own nor yet its parent's.</summary>
    public static double SecondsOf(int process)
    {
        for (double before = Read(process); ;)
        {
            Thread.Sleep(Pause);
            double now = Read(process);
            if (now == before)
                return now;
            before = now;
        }
    }

    /// <summary>A process and all below it.</summary>
    public static int[] TreeOf(int process)
    {
        Dictionary<int, (int Parent, long Ticks)> all = ReadAll();
        return [.. all.Keys.Where(id => IsWithin(id, process, all))];
    }

    private static double Read(int process)
    {
        Dictionary<int, (int Parent, long Ticks)> all = ReadAll();
        return all.Keys.Where(id => IsWithin(id, process, all)).Sum(id => all[id].Ticks) / TicksPerSecond;
    }

    private static bool IsWithin(int id, int ancestor, Dictionary<int, (int Parent, long Ticks)> all)
    {
        for (; all.TryGetValue(id, out (int Parent, long Ticks) entry); id = entry.Parent)
        {
            if (id == ancestor)
                return true;
        }

        return false;
    }

    private static Dictionary<int, (int Parent, long Ticks)> ReadAll()
    {
        Dictionary<int, (int, long)> all = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                continue;
            try
            {
                // Behind the name, which may hold anything: state, parent, … and from the twelfth: utime, stime, cutime, cstime.
                string stat = File.ReadAllText(Path.Combine(folder, "stat"));
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                all[id] = (int.Parse(fields[1]), fields[11..15].Sum(long.Parse));
            }
            catch (IOException)
            {
                // It has ended meanwhile; its parent has its time.
            }
        }

        return all;
    }
}
