namespace Sockeye;

/// <summary>The bytes that wait in all directions of all connections together.</summary>
internal sealed class FaultBudget
{
    private long _taken;

    public bool TryTake(long bytes, long max)
    {
        if (Interlocked.Add(ref _taken, bytes) <= max)
            return true;
        Return(bytes);
        return false;
    }

    /// <summary>Who has nothing waiting may have one piece, or it would wait for others for ever.</summary>
    public void Take(long bytes) => Interlocked.Add(ref _taken, bytes);

    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
