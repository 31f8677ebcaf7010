namespace Sockeye;

/// <summary>
/// A client and a target with faults between them.
/// <code>
/// Passing -- cut, in order --> Ended
/// Passing -- cut, or at once, half-open --> Silent, with reset: one side is reset, and gone
/// any     -- reset --> Reset
/// </code>
/// </summary>
internal sealed class FaultLink
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _begin;
    private volatile FaultPhase _phase;
    private ITimer? _reset;
    private int _disposed;

    public FaultLink(FaultControl control, Connection client, Connection target, long number)
    {
        Control = control;
        Time = client.Socket?.Network.TimeProvider ?? target.Socket?.Network.TimeProvider ?? TimeProvider.System;
        _begin = Time.GetTimestamp();
        Up = new FaultFlow(this, target, control.DiceOf(number, FaultDirection.Up), FaultDirection.Up);
        Down = new FaultFlow(this, client, control.DiceOf(number, FaultDirection.Down), FaultDirection.Down);
        Client = new FaultedConnection(this, client, Down);
        Target = new FaultedConnection(this, target, Up);
        (Up.Side, Down.Side) = (Target, Client);
    }

    public FaultControl Control { get; }

    public TimeProvider Time { get; }

    public FaultedConnection Client { get; }

    public FaultedConnection Target { get; }

    public FaultFlow Up { get; }

    public FaultFlow Down { get; }

    public FaultPhase Phase => _phase;

    /// <summary>Since it was wrapped.</summary>
    public TimeSpan Now => Time.GetElapsedTime(_begin);

    /// <summary>Ends when nobody is left from whom silence would keep anything.</summary>
    public Task Released => _released.Task;

    /// <summary>There is a plan, or a new one: what does not wait for a byte begins.</summary>
    public void PlanSet()
    {
        FaultPlan plan = Control.Plan;
        lock (_lock)
        {
            _reset?.Dispose();
            _reset = null;
            if (_disposed == 2)
                return;
            if (plan.Reset is { } after && after > TimeSpan.Zero)
                _reset = Time.CreateTimer(_ => Reset(), null, Whole(after), Timeout.InfiniteTimeSpan);
        }

        if (plan.HasCut)
            return;
        if (plan.IsHalfOpen)
            Silence(FaultDirection.Up, isReset: plan.Reset == TimeSpan.Zero);
        else if (plan.Reset == TimeSpan.Zero)
            Reset();
    }

    /// <summary>Timers count in milliseconds, and a shorter time would be none.</summary>
    public static TimeSpan Whole(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));

    /// <summary>A cut: both sides are sent an end behind what is on its way, and are read as if they had ended.</summary>
    public void EndInOrder(SocketFault cut)
    {
        if (!TryEnter(FaultPhase.Ended))
            return;
        Meet(cut);
        Up.End();
        Down.End();
        Client.Wake();
        Target.Wake();
    }

    /// <param name="direction">Whose cut it is.</param>
    /// <param name="isReset">The side that its bytes went to is reset, and the other not told.</param>
    public void Silence(FaultDirection direction, bool isReset)
    {
        if (!TryEnter(FaultPhase.Silent))
            return;
        Meet(new SocketFault(FaultKind.HalfOpened));
        Up.Stop(error: null);
        Down.Stop(error: null);
        if (!isReset)
            return;
        Meet(new SocketFault(FaultKind.Reset) { Direction = direction });
        (direction == FaultDirection.Up ? Target : Client).ResetAlone(ByFault());
    }

    public void Reset()
    {
        lock (_lock)
        {
            if (_phase == FaultPhase.Reset)
                return;
            _phase = FaultPhase.Reset;
        }

        Meet(new SocketFault(FaultKind.Reset));
        FaultException reason = ByFault();
        Up.Stop(reason);
        Down.Stop(reason);
        Client.CloseNow(reason);
        Target.CloseNow(reason);
        _released.TrySetResult();
    }

    /// <summary>A side has nothing more to be read. When that is true of both, silence has an end.</summary>
    public void Gone(FaultedConnection side)
    {
        lock (_lock)
        {
            side.IsGone = true;
            if (!Client.IsGone || !Target.IsGone)
                return;
        }

        _released.TrySetResult();
    }

    /// <summary>The connection below was closed by somebody else, who shall not have to wait for what is delayed.</summary>
    public void ClosedOutside(Exception reason)
    {
        Up.Stop(reason);
        Down.Stop(reason);
        _released.TrySetResult();
    }

    /// <summary>A side was aborted for good: silence keeps nothing from anybody any more.</summary>
    public void Release() => _released.TrySetResult();

    /// <summary>A side is disposed of; after both nothing is left here.</summary>
    public void Left()
    {
        if (Interlocked.Increment(ref _disposed) < 2)
            return;
        Control.Remove(this);
        lock (_lock)
            _reset?.Dispose();
    }

    /// <summary>Counts a fault, and tells whoever looks on.</summary>
    public void Meet(SocketFault fault)
    {
        Control.Counts.Count(fault.Kind);
        if ((Client.Socket ?? Target.Socket) is { } socket)
            socket.Observer?.Faulted(socket, fault);
    }

    private static FaultException ByFault() => new("reset by a fault");

    private bool TryEnter(FaultPhase phase)
    {
        lock (_lock)
        {
            if (_phase != FaultPhase.Passing)
                return false;
            _phase = phase;
            return true;
        }
    }
}
