using System.Globalization;

namespace Sockeye.Bench;

/// <summary>
/// The processor time of one process to the nanosecond, from /proc/PID/task/TID/schedstat, for what is too short to be counted in ticks. Its children's is not in
/// it; of a thread that has ended it has what was last read.
/// </summary>
internal sealed class ThreadTimes(int process)
{
    private const double NanosecondsPerSecond = 1e9;

    private readonly Dictionary<string, long> _threads = [];

    /// <summary>The seconds so far. Never less than before.</summary>
    public double ReadSeconds()
    {
        foreach (string thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            try
            {
                _threads[thread] = long.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return _threads.Values.Sum() / NanosecondsPerSecond;
    }
}
