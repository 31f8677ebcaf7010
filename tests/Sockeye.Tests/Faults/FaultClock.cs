using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Faults;

/// <summary>A clock that stands until somebody waits for it, and jumps to when the first timer is due then: what happens has its exact time.</summary>
internal sealed class FaultClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<FaultTimer> _timers = [];
    private TaskCompletionSource _set = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Now
    {
        get
        {
            lock (_lock)
                return _now;
        }
    }

    public override long GetTimestamp() => Now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        FaultTimer timer = new(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Ends when somebody waits for the time, as long as a fault may last.</summary>
    public async Task WaitedForAsync()
    {
        while (true)
        {
            Task set;
            lock (_lock)
            {
                if (First() is not null)
                    return;
                set = _set.Task;
            }

            await set;
        }
    }

    /// <summary>Lets as much time pass as something takes: from timer to timer, and only when there is one.</summary>
    public async Task PassUntilAsync(Task happened)
    {
        while (!happened.IsCompleted)
        {
            await Task.WhenAny(WaitedForAsync(), happened).Within<Task>();
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
        await WaitedForAsync().Within();
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

    /// <summary>The first that is due. Sweepers wait for longer than a fault can, and are none of a test's business.</summary>
    private FaultTimer? First() => _timers.MinBy(timer => timer.Due) is { } first && first.Due - _now < TimeSpan.FromDays(1) ? first : null;

    private void Jump()
    {
        FaultTimer? first;
        lock (_lock)
        {
            first = First();
            if (first is null)
                return;
            _now = first.Due > _now ? first.Due : _now;
            if (first.Period > TimeSpan.Zero)
                first.Due += first.Period;
            else
                _timers.Remove(first);
        }

        first.Fire();
    }

    private sealed class FaultTimer(FaultClock clock, Action fire) : ITimer
    {
        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => fire();

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
