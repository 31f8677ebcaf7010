using System.Diagnostics;

namespace Sockeye.Cli.Tests.Eof;

/// <summary>
/// Tells when a program has done all it is going to: each of its threads sleeps, and none of them has run since it was looked at last. There is then a moment
/// at which all were asleep at once; until something comes from outside, or a time passes, nothing changes.
/// </summary>
internal static class EofRest
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(2);

    public static async Task WaitAsync(Process process, CancellationToken stop)
    {
        string? before;
        string? now = null;
        do
        {
            before = now;
            now = Look(process);
            await Task.Delay(Glance, stop); // the kernel tells nobody that a process has come to rest
        }
        while ((now is null || now != before) && !process.HasExited);
    }

    /// <summary>How often each thread has run; null if one is running, or about to.</summary>
    private static string? Look(Process process)
    {
        try
        {
            string[] threads = Directory.GetDirectories($"/proc/{process.Id}/task");
            string[] lines = [.. threads.SelectMany(thread => File.ReadLines($"{thread}/status")).Where(IsTelling)];
            return lines.Any(line => line.StartsWith("State:", StringComparison.Ordinal) && !line.Contains("S (sleeping)", StringComparison.Ordinal))
                ? null
                : string.Join('\n', threads.Concat(lines));
        }
        catch (IOException)
        {
            return null; // a thread has just ended
        }
    }

    private static bool IsTelling(string line) => line.StartsWith("State:", StringComparison.Ordinal) || line.Contains("ctxt_switches:", StringComparison.Ordinal);
}
