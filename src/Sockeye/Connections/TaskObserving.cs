namespace Sockeye;

/// <summary>For work whose failure is told elsewhere, or to nobody: those who waited for it may have given up.</summary>
internal static class TaskObserving
{
    /// <summary>The same task; should it fail with nobody waiting, that is no <see cref="TaskScheduler.UnobservedTaskException"/>.</summary>
    public static Task Observed(this Task task)
    {
        _ = task.ContinueWith(static failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return task;
    }
}
