namespace Sockeye.Linux.Tests.Reactors;

/// <summary>A callback that does not return until it is disposed.</summary>
public sealed class HeldReactor : IDisposable
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _release = new();

    /// <summary>Done when it has its thread.</summary>
    public Task Entered => _entered.Task;

    /// <summary>Done when it has let it go.</summary>
    public Task Left => _left.Task;

    internal void Hold()
    {
        _entered.SetResult();
        _release.Wait();
        _left.SetResult();
    }

    public void Dispose() => _release.Set();
}
