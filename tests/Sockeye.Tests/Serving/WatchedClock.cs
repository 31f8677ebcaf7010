using Sockeye.Tests.Time;

namespace Sockeye.Tests.Serving;

/// <summary>A manual clock that can be waited for: moving it is of no use before the timer in question was started.</summary>
internal sealed class WatchedClock : TimeProvider
{
    private readonly ManualTimeProvider _clock = new();
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _started = [];
    private readonly List<(TimeSpan DueTime, int Count, TaskCompletionSource Reached)> _waiting = [];

    public override long TimestampFrequency => _clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

    public override long GetTimestamp() => _clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = _clock.CreateTimer(callback, state, dueTime, period);
        lock (_lock)
        {
            _started.Add(dueTime);
            foreach ((TimeSpan wanted, int count, TaskCompletionSource reached) in _waiting)
            {
                if (CountOf(wanted) >= count)
                    reached.TrySetResult();
            }
        }

        return timer;
    }

    public void Advance(TimeSpan time) => _clock.Advance(time);

    /// <summary>How many timers of this length were started.</summary>
    public int Started(TimeSpan dueTime)
    {
        lock (_lock)
            return CountOf(dueTime);
    }

    /// <summary>Waits until as many timers of this length were started.</summary>
    public Task StartedAsync(TimeSpan dueTime, int count = 1)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (CountOf(dueTime) >= count)
                return Task.CompletedTask;
            _waiting.Add((dueTime, count, reached));
        }

        return reached.Task.Within();
    }

    private int CountOf(TimeSpan dueTime) => _started.Count(started => started == dueTime);
}
