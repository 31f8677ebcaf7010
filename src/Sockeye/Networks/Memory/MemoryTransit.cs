namespace Sockeye;

/// <summary>
/// What is under way between sockets, in the order (time of arrival, sequence). One timer of the network's clock; without a delay
/// things arrive at once and nothing is kept. Its network's lock guards it.
/// </summary>
internal sealed class MemoryTransit(MemoryNetwork network) : IDisposable
{
    private readonly PriorityQueue<MemoryPacket, (long Due, long Sequence)> _underWay = new();
    private List<MemoryPacket> _stalled = [];
    private long _sequence;
    private long _alarm = long.MaxValue;
    private ITimer? _timer;
    private bool _disposed;

    private TimeProvider Time => network.TimeProvider;

    /// <summary>Whether what is sent in this flow arrives at once: then it need not be copied.</summary>
    public bool IsImmediate(MemoryFlow flow) => flow.UnderWay == 0 && network.Conditions.LetAllPassAtOnce;

    public void Send(MemoryPacket packet)
    {
        if (_disposed)
            return;
        MemoryFlow flow = packet.Flow;
        long now = Time.GetTimestamp();
        long due = Math.Max(now + ToTimestamp(network.Conditions.Delay), flow.LastDue);
        if (due <= now && flow.UnderWay == 0)
        {
            Arrive(packet);
            return;
        }

        flow.LastDue = due;
        flow.UnderWay++;
        _underWay.Enqueue(packet, (due, _sequence++));
        SetAlarm(now);
    }

    /// <summary>Lets arrive what had been stalled and is not any more, in the order it came to the cut.</summary>
    public void Release()
    {
        List<MemoryPacket> stalled = _stalled;
        _stalled = [];
        foreach (MemoryPacket packet in stalled)
            Arrive(packet);
    }

    public void Dispose()
    {
        _disposed = true;
        _timer?.Dispose();
        _underWay.Clear();
        _stalled.Clear();
    }

    private void Arrive(MemoryPacket packet)
    {
        bool drops = network.Conditions.Drops(packet.From, packet.To);
        if (drops && !packet.IsDatagram)
        {
            _stalled.Add(packet);
            return;
        }

        if (drops)
            network.CountDropped();
        else
            packet.Arrive();
        packet.Over?.Invoke();
    }

    private void SetAlarm(long now)
    {
        if (!_underWay.TryPeek(out _, out (long Due, long Sequence) first) || first.Due >= _alarm)
            return;
        _alarm = first.Due;
        TimeSpan left = Time.GetElapsedTime(now, first.Due);

        // The system's timers know milliseconds and cut off the rest; firing early would turn round at full speed.
        if (left < TimeSpan.Zero)
            left = TimeSpan.Zero;
        else if (Time == TimeProvider.System)
            left = TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
        if (_timer is null)
            _timer = Time.CreateTimer(static state => ((MemoryTransit)state!).Deliver(), this, left, Timeout.InfiniteTimeSpan);
        else
            _timer.Change(left, Timeout.InfiniteTimeSpan);
    }

    private void Deliver()
    {
        lock (network.Gate)
        {
            _alarm = long.MaxValue;
            long now = Time.GetTimestamp();
            while (_underWay.TryPeek(out MemoryPacket? packet, out (long Due, long Sequence) first) && first.Due <= now)
            {
                _underWay.Dequeue();
                packet.Flow.UnderWay--;
                Arrive(packet);
            }

            SetAlarm(now);
        }
    }

    private long ToTimestamp(TimeSpan time) => (long)((Int128)time.Ticks * Time.TimestampFrequency / TimeSpan.TicksPerSecond);
}
