namespace Sockeye.Eye.Recording;

/// <summary>Tells all who wait that there is something new.</summary>
internal sealed class EyeChanges
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the next change. Taken before looking, so that none is missed.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Tell() => Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
