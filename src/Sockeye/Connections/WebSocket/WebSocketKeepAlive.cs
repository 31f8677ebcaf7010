namespace Sockeye;

/// <summary>
/// Pings a peer that has been silent, and gives it up when it stays so. Silence counts while somebody reads: a peer that nobody listens to is not silent.
/// </summary>
/// <param name="interval">How much silence asks for a ping.</param>
/// <param name="timeout">How much more of it is too much.</param>
/// <param name="time">The network's clock.</param>
/// <param name="ping">Sends a ping as soon as it can be.</param>
/// <param name="giveUp">Aborts the connection; told how long it was silent.</param>
internal sealed class WebSocketKeepAlive(TimeSpan interval, TimeSpan timeout, TimeProvider time, Action ping, Action<TimeSpan> giveUp) : IDisposable
{
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private long _heardAt;
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
            // What came while nobody read could not be seen.
            if (!_isReading && _isPinged)
                Hear();
            _isReading = true;
        }
    }

    /// <summary>Nobody does any more.</summary>
    /// <param name="hasHeard">Whether anything came.</param>
    public void EndReading(bool hasHeard)
    {
        lock (_lock)
        {
            _isReading = false;
            if (hasHeard)
                Hear();
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

    private void Hear() => (_heardAt, _isPinged) = (time.GetTimestamp(), false);

    private void Tick()
    {
        TimeSpan silent;
        bool isTooLong;
        lock (_lock)
        {
            if (_isOver)
                return;
            silent = time.GetElapsedTime(_heardAt);
            isTooLong = _isPinged && _isReading && silent >= interval + timeout;
            if (!isTooLong && silent < interval)
            {
                _timer?.Change(interval - silent, Timeout.InfiniteTimeSpan);
                return;
            }

            _isOver = isTooLong;
            _isPinged = true;
            if (!isTooLong)
                _timer?.Change(silent < interval + timeout ? interval + timeout - silent : interval, Timeout.InfiniteTimeSpan);
        }

        if (isTooLong)
            giveUp(silent);
        else
            ping();
    }
}
