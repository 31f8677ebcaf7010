using Sockeye.Hub.Tests.Children;

namespace Sockeye.Hub.Tests.Storage;

/// <summary>A disk of two megabytes, which only the process that fills it sees.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_full_disk_refuses_and_when_there_is_room_again_the_store_goes_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "A disk is mounted for this: that takes root on Linux.");
        using Child child = Child.StartThrough(
            ["unshare", "-m", "/bin/sh", "-c", "mount -t tmpfs -o size=2m none \"$0\" || exit 99; exec \"$@\"", _directory.Path], StoreChild.FillDisk, _directory.Path);
        (int code, string output, string errors) = await child.EndAsync();
        Assert.SkipWhen(code == 99 || errors.StartsWith("unshare", StringComparison.Ordinal), "This system lets nobody mount anything.");

        Assert.Equal("", errors);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines[..10], line => Assert.Equal("kept", line));
        Assert.Equal(
            ["This was not kept, and so not done: the hub's disk is full. Try again later.", "failing 1 recovered 1", "the same: True of many: True"], lines[10..]);
        Assert.Equal(0, code);
    }
}
