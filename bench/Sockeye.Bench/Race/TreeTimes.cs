namespace Sockeye.Bench.Race;

/// <summary>
/// The processor time of a process and all below it to the nanosecond. Ticks would not do: each of many children may use less than one. Of one that has ended it
/// has what was last read.
/// </summary>
internal sealed class TreeTimes(int process)
{
    private readonly Dictionary<int, ThreadTimes> _times = [];
    private readonly Dictionary<int, double> _seconds = [];

    /// <summary>The seconds so far.</summary>
    public double ReadSeconds()
    {
        foreach (int id in ProcessTime.TreeOf(process))
        {
            try
            {
                if (!_times.TryGetValue(id, out ThreadTimes? times))
                    _times[id] = times = new ThreadTimes(id);
                _seconds[id] = times.ReadSeconds();
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return _seconds.Values.Sum();
    }
}
