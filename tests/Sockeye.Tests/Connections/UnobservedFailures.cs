using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Sockeye.Tests.Connections;

/// <summary>Failures of tasks that nobody looked at, which the runtime tells of once they are collected.</summary>
internal static class UnobservedFailures
{
    /// <summary>Those of a scenario whose text, stack trace included, holds <paramref name="words"/>: other tests run beside it.</summary>
    public static async Task<IReadOnlyCollection<string>> OfAsync(string words, Func<Task> scenario)
    {
        ConcurrentBag<string> found = [];
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await RunAsync(scenario);
            for (int i = 0; i < 3; i++)
            {
                // What just ended may still be on a stack.
                await Task.Yield();
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        return found;

        void Note(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            if (e.Exception.ToString() is { } text && text.Contains(words, StringComparison.Ordinal))
                found.Add(text);
        }
    }

    /// <summary>In a frame of its own, so that none of its locals outlives it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task RunAsync(Func<Task> scenario) => await Task.Run(scenario);
}
