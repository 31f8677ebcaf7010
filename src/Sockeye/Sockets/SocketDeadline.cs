namespace Sockeye;

/// <summary>When a call must have ended: its timeout, counted from its start on the network's clock.</summary>
internal readonly struct SocketDeadline
{
    private readonly TimeProvider? _time;
    private readonly TimeSpan _timeout;
    private readonly long _start;

    public SocketDeadline(TimeSpan? timeout, TimeProvider time)
    {
        if (timeout is not { } limit)
            return;
        _time = time;
        _timeout = limit;
        _start = limit == TimeSpan.Zero ? 0 : time.GetTimestamp();
    }

    public bool AllowsWaiting => _time is null || _timeout != TimeSpan.Zero;

    public TimeSpan? Timeout => _time is null ? null : _timeout;

    /// <summary>What is left: null for ever, never below zero.</summary>
    public TimeSpan? Remaining
    {
        get
        {
            if (_time is null)
                return null;
            TimeSpan left = _timeout - _time.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
