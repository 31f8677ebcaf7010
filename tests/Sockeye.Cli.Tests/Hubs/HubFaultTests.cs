using System.Diagnostics;

namespace Sockeye.Cli.Tests.Hubs;

/// <summary>What people at the text door are told when the hub's disk or file fails, and that the hub goes on when it can.</summary>
public sealed class HubFaultTests : IDisposable
{
    private const int PageBytes = 4096;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("sockeye-fault-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task On_a_full_disk_the_speaker_is_told_and_when_there_is_room_again_all_goes_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "A disk is mounted for this: that takes root on Linux.");
        const string Mount = "mount -t tmpfs -o size=4m none \"$0\" || exit 99; exec \"$@\"";
        using HubProcess hub = await HubProcess.StartThroughAsync(["unshare", "-m", "/bin/sh", "-c", Mount, _data.FullName], _data.FullName);
        using TextPerson reader = await hub.EnterAsync("Reader");
        using TextPerson speaker = await hub.EnterAsync("Speaker");
        await speaker.SayAsync("before");
        await reader.Screen.FindAsync("Speaker: before");

        // The disk is the hub's alone; this is the way to it from outside.
        string ballast = $"/proc/{hub.Id}/root{_data.FullName}/ballast";
        Assert.Throws<IOException>(() => File.WriteAllBytes(ballast, new byte[8 * 1024 * 1024]));
        for (int i = 0; i < 50; i++)
            await speaker.SayAsync($"lost-{i} {new string('x', 3000)}");
        await speaker.Screen.FindAsync("! This was not kept, and so not done: the hub's disk is full. Try again later.");
        await hub.Notices.FindAsync("full: free some space, and it goes on by itself");
        await speaker.SayAsync("/who");
        await speaker.Screen.FindAsync("2 people are here");

        File.Delete(ballast);
        await speaker.SayAsync("after");
        await reader.Screen.FindAsync("Speaker: after");
        await hub.Notices.FindAsync("works again");
    }

    [Fact]
    public async Task While_another_program_has_the_file_locked_the_speaker_is_told_and_then_all_goes_on()
    {
        using HubProcess hub = await HubProcess.StartAsync(_data.FullName);
        using TextPerson reader = await hub.EnterAsync("Reader");
        using TextPerson speaker = await hub.EnterAsync("Speaker");
        using (Process other = LockByPython())
        {
            await speaker.SayAsync("while locked");
            await speaker.Screen.FindAsync("! This was not kept, and so not done: another program has locked the hub's file. Try again later.");
            await hub.Notices.FindAsync("is locked by another program");
            other.StandardInput.Close();
            await other.WaitForExitAsync();
        }

        await speaker.SayAsync("after");
        await reader.Screen.FindAsync("Speaker: after");
        Assert.DoesNotContain(reader.Screen.All, line => line.Contains("while locked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_a_damaged_file_what_is_damaged_is_not_shown_and_the_hub_stays_up()
    {
        using (HubProcess before = await HubProcess.StartAsync(_data.FullName))
        {
            using TextPerson writer = await before.EnterAsync("Writer");
            using TextPerson witness = await before.EnterAsync("Witness");
            await writer.SayAsync([.. Enumerable.Range(0, 100).Select(i => $"old-{i:000} {new string('x', 1000)}")]);
            await witness.Screen.FindAsync("old-099");
            Assert.Equal(0, await before.InterruptAsync());
        }

        Damage("old-0");
        using HubProcess hub = await HubProcess.StartAsync(_data.FullName);
        using TextPerson person = await hub.EnterAsync("Person");
        await person.SayAsync("/history 100");
        await person.Screen.FindAsync("! This cannot be read just now: the hub's file is damaged. Try again later.");
        await hub.Notices.FindAsync("is damaged", "sockeye hub restore FILE");
        await person.SayAsync("/who");
        await person.Screen.FindAsync("Only you are in #lobby");
    }

    /// <summary>Overwrites the beginning of each page that holds a text: what SQLite says then is that the file is malformed.</summary>
    private void Damage(string text)
    {
        string path = Path.Combine(_data.FullName, "hub.db");
        byte[] file = File.ReadAllBytes(path);
        int damaged = 0;
        for (int page = PageBytes; page < file.Length; page += PageBytes)
        {
            Span<byte> bytes = file.AsSpan(page, PageBytes);
            if (bytes.IndexOf(System.Text.Encoding.ASCII.GetBytes(text)) < 0)
                continue;
            bytes[..64].Fill(0xff);
            damaged++;
        }

        Assert.True(damaged > 10, $"{damaged} pages hold what was said.");
        File.WriteAllBytes(path, file);
    }

    private Process LockByPython()
    {
        const string Script = """
            import sqlite3, sys
            connection = sqlite3.connect(sys.argv[1], isolation_level=None)
            connection.execute("BEGIN IMMEDIATE")
            print("locked", flush=True)
            sys.stdin.read()
            connection.execute("ROLLBACK")
            """;
        Process process = Process.Start(new ProcessStartInfo("python3", ["-c", Script, Path.Combine(_data.FullName, "hub.db")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("locked", process.StandardOutput.ReadLine());
        return process;
    }
}
