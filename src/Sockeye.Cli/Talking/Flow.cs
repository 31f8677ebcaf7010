namespace Sockeye.Cli.Talking;

/// <summary>One direction of a conversation, until the side that gives ends, or the side that takes takes no more.</summary>
internal abstract class Flow
{
    private readonly Action _onMoved;
    private long _taken;
    private long _given;
    private volatile bool _isGiving;

    /// <param name="onMoved">Told whenever bytes have moved.</param>
    protected Flow(Action onMoved) => _onMoved = onMoved;

    /// <summary>Bytes that came from the one side.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Bytes that the other side has accepted; translated they may be more, or fewer.</summary>
    public long Given => Volatile.Read(ref _given);

    /// <summary>Whether the other side is being given bytes that it has not accepted yet.</summary>
    public bool IsGiving => _isGiving;

    /// <exception cref="OperationCanceledException"><paramref name="stop"/> has fired.</exception>
    public abstract Task RunAsync(CancellationToken stop);

    /// <summary>So many bytes came from the one side.</summary>
    protected void Take(long count)
    {
        if (count == 0)
            return;
        Volatile.Write(ref _taken, _taken + count);
        _onMoved();
    }

    /// <summary>The other side is given bytes now.</summary>
    protected void BeginGiving() => _isGiving = true;

    /// <summary>It has accepted them.</summary>
    protected void EndGiving(long count)
    {
        _isGiving = false;
        Volatile.Write(ref _given, _given + count);
        _onMoved();
    }
}
