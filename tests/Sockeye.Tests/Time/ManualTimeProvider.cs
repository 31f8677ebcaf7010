using Sockeye.Testing;

namespace Sockeye.Tests.Time;

/// <summary>
/// A clock that stands until it is moved: by so much, or from timer to timer, so that what happens has its exact time. Timers fire on the thread that moves it, in the order they
/// are due.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    /// <summary>Timers that are set for so late sweep up now and then, and are not what anybody waits for.</summary>
    private static readonly TimeSpan FarOff = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private TaskCompletionSource _set = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _now;

    /// <summary>The same on every machine.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Now
    {
        get
        {
            lock (_lock)
                return _now;
        }
    }

    /// <summary>How many timers wait.</summary>
    public int TimerCount
    {
        get
        {
            lock (_lock)
                return _timers.Count;
        }
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Now;

    public override long GetTimestamp() => Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        TimeSpan end = Now + time;
        while (TakeDue(end) is { } timer)
            timer.Fire();
        lock (_lock)
            _now = end;
    }

    /// <summary>Lets time pass, step by step, until something has happened.</summary>
    public async Task AdvanceUntilAsync(Task happened, TimeSpan step)
    {
        while (!happened.IsCompleted)
        {
            Advance(step);
            await Task.Yield();
        }

        await happened;
    }

    /// <summary>Ends when somebody waits for the time.</summary>
    public async Task WaitedForAsync()
    {
        while (true)
        {
            Task set;
            lock (_lock)
            {
                if (First() is { } first && first.Due - _now < FarOff)
                    return;
                set = _set.Task;
            }

            await set;
        }
    }

    /// <summary>Ends when somebody begins to wait for the time from now on.</summary>
    public Task NextWaitAsync()
    {
        lock (_lock)
            return _set.Task;
    }

    /// <summary>Lets as much time pass as something takes: from timer to timer, and only when there is one.</summary>
    public async Task PassUntilAsync(Task happened)
    {
        while (!happened.IsCompleted)
        {
            await Task.WhenAny(WaitedForAsync(), happened).WaitAsync(Hang.Limit);
            if (!happened.IsCompleted)
                Jump();
        }

        await happened;
    }

    public async Task<T> PassUntilAsync<T>(Task<T> happened)
    {
        await PassUntilAsync((Task)happened);
        return await happened;
    }

    /// <summary>Waits until somebody waits for the time, and lets it become so late, or as late as the timer before that.</summary>
    public async Task JumpToAsync(TimeSpan time)
    {
        await WaitedForAsync().WaitAsync(Hang.Limit);
        lock (_lock)
        {
            if (First()!.Due > time)
            {
                _now = time;
                return;
            }
        }

        Jump();
    }

    /// <summary>To when the first timer is due, unless it is far off.</summary>
    private void Jump() => TakeDue(Now + FarOff)?.Fire();

    /// <summary>MinBy takes the first of equals: the one that was set first.</summary>
    private ManualTimer? First() => _timers.MinBy(timer => timer.Due);

    /// <summary>The first timer, if it is due by then; the time is its own now.</summary>
    private ManualTimer? TakeDue(TimeSpan end)
    {
        lock (_lock)
        {
            if (First() is not { } first || first.Due > end)
                return null;
            _now = first.Due > _now ? first.Due : _now;
            if (first.Period > TimeSpan.Zero)
                first.Due += first.Period;
            else
                _timers.Remove(first);
            return first;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            TaskCompletionSource? set = null;
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                if (dueTime >= TimeSpan.Zero)
                {
                    (Due, Period) = (clock._now + dueTime, period);
                    clock._timers.Add(this);
                    (set, clock._set) = (clock._set, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                }
            }

            set?.SetResult();
            return true;
        }

        public void Dispose()
        {
            lock (clock._lock)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
