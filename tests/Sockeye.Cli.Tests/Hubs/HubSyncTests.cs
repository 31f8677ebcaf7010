namespace Sockeye.Cli.Tests.Hubs;

/// <summary>What the hub asks the kernel for between the line that it receives and the line that it sends to the others, as strace sees it.</summary>
public sealed class HubSyncTests : IDisposable
{
    private const int Messages = 20;
    private const string Strace = "/usr/bin/strace";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sockeye-sync-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task What_is_said_at_the_text_door_is_written_and_synced_before_anybody_is_sent_it()
    {
        Assert.SkipUnless(File.Exists(Strace), "strace shows what a process asks the kernel for.");

        // -D: the hub is the process that was started, and gets the signal; strace ends behind it.
        string log = Path.Combine(_directory.FullName, "strace.log");
        string[] strace = [Strace, "-f", "-D", "-qq", "-y", "-s", "5000", "-e", "trace=pwrite64,write,fsync,fdatasync,sendto,sendmsg", "-e", "signal=none", "-o", log];
        using (HubProcess hub = await HubProcess.StartThroughAsync(strace, Path.Combine(_directory.FullName, "data")))
        using (TextPerson reader = await hub.EnterAsync("Reader"))
        using (TextPerson speaker = await hub.EnterAsync("Speaker"))
        {
            for (int i = 0; i < Messages; i++)
            {
                await speaker.SayAsync(Needle(i));
                await reader.Screen.FindAsync(Needle(i));
            }

            await hub.InterruptAsync();
        }

        string[] calls = await File.ReadAllLinesAsync(log);
        for (int i = 0; i < Messages; i++)
        {
            string needle = Needle(i);
            int written = SyncTrace.FindWrite(calls, needle);
            int sent = Array.FindIndex(calls, call => call.Contains(" send", StringComparison.Ordinal) && call.Contains(needle, StringComparison.Ordinal));
            Assert.InRange(written, 0, sent);
            int synced = SyncTrace.FindSync(calls, written);
            Assert.True(synced > written && synced < sent, $"{needle}: written in line {written}, synced in {synced}, sent in {sent}");
        }
    }

    private static string Needle(int index) => $"needle-{index:0000}";
}
