using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Watching;

/// <summary>
/// Somebody who watches a connection. Bounded: what comes too fast, or before the one before it was delivered, is only counted. Whoever is watched never waits.
/// </summary>
internal sealed class WireWatch : IDisposable
{
    /// <summary>The most events that are shown, one after the other and each second.</summary>
    public static readonly Rate EventsMax = new(Burst: 400, PerSecond: 200);

    /// <summary>The most bytes of what was said that are gathered.</summary>
    public const int BytesMax = 256 * 1024;

    /// <summary>How long events are gathered before they are delivered together.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly WireTap _tap;
    private readonly TimeProvider _time;
    private readonly Func<IReadOnlyList<WireEvent>, long, bool> _deliver;
    private readonly ITimer _timer;
    private List<WireEvent> _events = [];
    private TokenBucket _rate;
    private int _bytes;
    private long _notShown;
    private bool _isArmed;
    private bool _hasEnded;

    /// <summary>Watches from now on.</summary>
    /// <param name="tap">What.</param>
    /// <param name="isOwn">Whether the connection is the watcher's own: of others' connections, what is in them is not shown.</param>
    /// <param name="time">When events are delivered.</param>
    /// <param name="deliver">Takes events, oldest first, and how many were not shown; false: not now, and they count as not shown.</param>
    public WireWatch(WireTap tap, bool isOwn, TimeProvider time, Func<IReadOnlyList<WireEvent>, long, bool> deliver)
    {
        (_tap, IsOwn, _time, _deliver) = (tap, isOwn, time, deliver);
        _timer = time.CreateTimer(static watch => ((WireWatch)watch!).Deliver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        tap.Add(this);
    }

    /// <summary>Whether the connection is the watcher's own.</summary>
    public bool IsOwn { get; }

    /// <summary>Takes what happened.</summary>
    public void Add(WireEvent happened)
    {
        lock (_lock)
        {
            if (_hasEnded)
                return;
            happened = IsOwn ? happened : Mask(happened);
            int bytes = happened.Data?.Length ?? 0;
            if (_bytes + bytes <= BytesMax && _rate.TryTake(EventsMax, _time.GetUtcNow()))
            {
                _events.Add(happened);
                _bytes += bytes;
            }
            else
            {
                _notShown++;
            }

            if (!_isArmed)
                _isArmed = _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Watches no more.</summary>
    public void Dispose()
    {
        _tap.Remove(this);
        lock (_lock)
            _hasEnded = true;
        _timer.Dispose();
    }

    /// <summary>Of others' connections: that something happened, and how much it was.</summary>
    private static WireEvent Mask(WireEvent happened) => happened.Kind is WireEventKind.Sent or WireEventKind.Frame or WireEventKind.Encrypting
        ? happened with { Text = null, Data = null, IsHidden = true }
        : happened;

    private void Deliver()
    {
        List<WireEvent> events;
        long notShown;
        lock (_lock)
        {
            if (_hasEnded)
                return;
            (events, _events, _bytes) = (_events, [], 0);
            (notShown, _notShown) = (_notShown, 0);
            _isArmed = false;
        }

        if (_deliver(events, notShown))
            return;
        lock (_lock)
            _notShown += events.Count + notShown;
    }
}
