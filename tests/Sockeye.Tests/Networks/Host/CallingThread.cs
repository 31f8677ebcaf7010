namespace Sockeye.Tests.Networks.Host;

/// <summary>A thread of its own that makes a plain call.</summary>
internal sealed class CallingThread<T>
{
    private readonly TaskCompletionSource<string?> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CallingThread(Func<T> call) => Result = Task.Factory.StartNew(
        () =>
        {
            _begun.SetResult(OperatingSystem.IsLinux() ? new FileInfo("/proc/thread-self").LinkTarget : null);
            return call();
        },
        TaskCreationOptions.LongRunning);

    /// <summary>What the call gives.</summary>
    public Task<T> Result { get; }

    /// <summary>
    /// Waits until the thread sleeps, or has ended. No event tells that a thread is in a system call, but the kernel does when it is asked (proc_pid_stat(5)).
    /// It may sleep for something else, shortly before: a test must hold then, too.
    /// </summary>
    public async Task SleepsAsync()
    {
        if (await _begun.Task is not { } folder)
            return;
        while (!Result.IsCompleted && !IsAsleep(folder))
            await Task.Yield();
    }

    private static bool IsAsleep(string folder)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{folder}/stat");
            return stat[stat.LastIndexOf(')') + 2] == 'S';
        }
        catch (IOException)
        {
            return true;    // it has ended
        }
    }
}
