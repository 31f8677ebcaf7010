using Sockeye.Hub.Tests.Children;

namespace Sockeye.Hub.Tests.Storage;

/// <summary>What the kernel is asked for before a message is acknowledged, as strace sees it.</summary>
public sealed class SyncTests : IDisposable
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
            int written = SyncTrace.FindWrite(calls, needle);
            Assert.InRange(written, 0, acknowledged);
            int synced = SyncTrace.FindSync(calls, written);
            Assert.True(synced > written && synced < acknowledged, $"{needle}: written in line {written}, synced in {synced}, acknowledged in {acknowledged}");
        }
    }
}
