namespace Sockeye;

/// <summary>
/// Pings a peer that has been silent, and gives it up when it stays so. Silence counts while somebody reads: a peer that nobody listens to is not silent.
/// Whatever comes is a sign of life: where both sides keep alive, the one whose ping comes first spares the other its own.
/// </summary>
/// <param name="interval">How much silence asks for a ping.</param>
/// <param name="timeout">How long somebody must have read behind a ping, and heard nothing, for it to be too much.</param>
/// <param name="time">The network's clock.</param>
/// <param name="ping">Sends a ping as soon as it can be.</param>
/// <param name="giveUp">Aborts the connection; told how long it was silent.</param>
internal sealed class WebSocketKeepAlive(TimeSpan interval, TimeSpan timeout, TimeProvider time, Action ping, Action<TimeSpan> giveUp) : IDisposable
{
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private long _heardAt;
    private long _waitsSince;
    private TimeSpan _waited;
    private bool _isReading;
    private bool _isPinged;
    private bool _isOver;

    public void Start()
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            _heardAt = time.GetTimestamp();
            _timer = time.CreateTimer(static state => ((WebSocketKeepAlive)state!).Tick(), this, interval, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Somebody waits for the peer from now on.</summary>
    public void BeginReading()
    {
        lock (_lock)
        {
            _isReading = true;
            if (!_isPinged || _isOver)
                return;
            _waitsSince = time.GetTimestamp();
            _timer?.Change(Rest(_waited), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Nobody does any more.</summary>
    /// <param name="hasHeard">Whether anything came.</param>
    public void EndReading(bool hasHeard)
    {
        lock (_lock)
        {
            // A reader who stops and begins again, as one with a time limit does, has waited as long as all its reads together.
            _waited = Waited();
            _isReading = false;
            if (hasHeard)
                (_heardAt, _isPinged) = (time.GetTimestamp(), false);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _timer?.Dispose();
        }
    }

    /// <summary>How long somebody has read behind the ping that is not answered.</summary>
    private TimeSpan Waited() => _isPinged && _isReading ? _waited + time.GetElapsedTime(_waitsSince) : _waited;

    /// <summary>What is left of the timeout. Not nothing: what has come while nobody read is to be found first.</summary>
    private TimeSpan Rest(TimeSpan waited) => TimeSpan.FromTicks(Math.Max((timeout - waited).Ticks, 10 * TimeSpan.TicksPerMillisecond));

    private void Tick()
    {
        TimeSpan silent;
        bool isTooLong;
        lock (_lock)
        {
            if (_isOver)
                return;
            silent = time.GetElapsedTime(_heardAt);
            if (!_isPinged && silent < interval)
            {
                _timer?.Change(interval - silent, Timeout.InfiniteTimeSpan);
                return;
            }

            TimeSpan waited = _isPinged ? Waited() : TimeSpan.Zero;
            if (_isPinged && _isReading && waited < timeout)
            {
                _timer?.Change(Rest(waited), Timeout.InfiniteTimeSpan);
                return;
            }

            isTooLong = _isOver = _isPinged && _isReading;
            if (!_isPinged)
                (_isPinged, _waited, _waitsSince) = (true, TimeSpan.Zero, time.GetTimestamp());
            if (!isTooLong)
                _timer?.Change(_isReading ? timeout : interval, Timeout.InfiniteTimeSpan);
        }

        if (isTooLong)
            giveUp(silent);
        else
            ping();
    }
}
