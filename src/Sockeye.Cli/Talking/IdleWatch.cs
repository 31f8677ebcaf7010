using Sockeye.Cli.Commands;

namespace Sockeye.Cli.Talking;

/// <summary>Notices when nothing has moved for a time.</summary>
internal sealed class IdleWatch
{
    private readonly TimeSpan? _limit;
    private readonly TimeProvider _time;
    private long _movedAt;

    /// <param name="limit">The time; null never ends.</param>
    /// <param name="time">The clock.</param>
    public IdleWatch(TimeSpan? limit, TimeProvider time)
    {
        (_limit, _time) = (limit, time);
        OnMoved();
    }

    public string Message => $"nothing came or went for {Duration.Print(_limit ?? TimeSpan.Zero)} (--idle)";

    public void OnMoved() => Volatile.Write(ref _movedAt, _time.GetTimestamp());

    /// <summary>Waits until nothing has moved for the time; false if that is never, or <paramref name="over"/> has fired.</summary>
    public async Task<bool> WaitAsync(CancellationToken over)
    {
        if (_limit is not { } limit)
            return false;
        TimeSpan left = limit;
        while (left > TimeSpan.Zero && !over.IsCancellationRequested)
        {
            await Task.Delay(left, _time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            left = limit - _time.GetElapsedTime(Volatile.Read(ref _movedAt));
        }

        return !over.IsCancellationRequested;
    }
}
