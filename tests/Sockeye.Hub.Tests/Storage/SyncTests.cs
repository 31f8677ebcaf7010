using System.Text.RegularExpressions;
using Sockeye.Hub.Tests.Children;

namespace Sockeye.Hub.Tests.Storage;

/// <summary>What the kernel is asked for before a message is acknowledged, as strace sees it.</summary>
public sealed partial class SyncTests : IDisposable
{
    private const int Messages = 20;

    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_message_is_written_and_synced_before_it_is_acknowledged()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace shows what a process asks the kernel for.");
        string log = Path.Combine(_directory.Path, "strace.log");
        using Child child = Child.StartThrough(
            ["/usr/bin/strace", "-f", "-qq", "-y", "-s", "5000", "-e", "trace=write,pwrite64,fsync,fdatasync", "-e", "signal=none", "-o", log],
            StoreChild.OneByOne, _directory.File, $"{Messages}");
        (int code, string output, string errors) = await child.EndAsync();
        Assert.SkipWhen(errors.Contains("ptrace", StringComparison.Ordinal), "This system does not allow tracing.");
        Assert.Equal((0, Messages), (code, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));

        string[] calls = await File.ReadAllLinesAsync(log);
        for (int i = 1; i <= Messages; i++)
        {
            string needle = $"needle-{i:0000}";
            int acknowledged = Array.FindIndex(calls, call => call.Contains($"\"acked {needle}\\n\"", StringComparison.Ordinal));
            int written = Array.FindIndex(calls, call => call.Contains("write", StringComparison.Ordinal)
                && call.Contains("hub.db-wal>", StringComparison.Ordinal) && call.Contains(needle, StringComparison.Ordinal));
            Assert.InRange(written, 0, acknowledged);
            int synced = FindSync(calls, written);
            Assert.True(synced > written && synced < acknowledged, $"{needle}: written in line {written}, synced in {synced}, acknowledged in {acknowledged}");
        }
    }

    /// <summary>Where a sync of the log that began behind a line has come back.</summary>
    private static int FindSync(string[] calls, int after)
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
