using System.Text.RegularExpressions;

namespace Sockeye.Testing;

/// <summary>What strace wrote of a process that keeps a hub's store: <c>-f -y</c>, so that each line has its thread and each descriptor its file.</summary>
internal static partial class SyncTrace
{
    /// <summary>Where a text was written to the store's log; -1: nowhere.</summary>
    public static int FindWrite(string[] calls, string text) => Array.FindIndex(calls, call => call.Contains("write", StringComparison.Ordinal)
        && call.Contains("hub.db-wal>", StringComparison.Ordinal) && call.Contains(text, StringComparison.Ordinal));

    /// <summary>Where a sync of the log that began behind a line has come back; -1: nowhere.</summary>
    public static int FindSync(string[] calls, int after)
    {
        for (int i = after + 1; i < calls.Length; i++)
        {
            if (SyncOfLog().Match(calls[i]) is not { Success: true } sync)
                continue;
            if (calls[i].EndsWith("= 0", StringComparison.Ordinal))
                return i;
            string thread = sync.Groups["thread"].Value;
            int back = Array.FindIndex(calls, i + 1, call => call.StartsWith(thread + " ", StringComparison.Ordinal) && call.Contains("sync resumed>", StringComparison.Ordinal));
            if (back >= 0 && calls[back].EndsWith("= 0", StringComparison.Ordinal))
                return back;
        }

        return -1;
    }

    [GeneratedRegex(@"^(?<thread>\d+) +f(data)?sync\(\d+<[^>]*hub\.db-wal>")]
    private static partial Regex SyncOfLog();
}
