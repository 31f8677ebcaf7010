using System.Globalization;

namespace Sockeye;

/// <summary>Names connections in logs: no two of a process the same, and as good as none of two runs.</summary>
internal sealed class ConnectionIds(TimeProvider time)
{
    private long _last = time.GetUtcNow().Ticks;

    public string Next() => Interlocked.Increment(ref _last).ToString("X16", CultureInfo.InvariantCulture);
}
