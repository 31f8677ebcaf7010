using Sockeye.Hub.Storage.Sqlite;
using Sockeye.Hub.Tests.Children;

namespace Sockeye.Hub.Tests.Storage;

/// <summary>One hub at a time has a data directory.</summary>
public sealed class DataDirectoryTests : IDisposable
{
    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_second_process_is_refused_and_told_who_has_it_until_the_first_is_gone_however_it_went()
    {
        using Child child = Child.Start(StoreChild.HoldDirectory, _directory.Path);
        Assert.Equal("held", await child.ReadLineAsync());

        HubDataException refused = Assert.Throws<HubDataException>(() => DataDirectory.Open(_directory.Path));
        Assert.Contains($"process {child.Id}, since 20", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--data DIR", refused.Message, StringComparison.Ordinal);

        child.Kill();
        using DataDirectory mine = DataDirectory.Open(_directory.Path);
        Assert.Equal(_directory.File, mine.StoreFile);
    }

    [Fact]
    public void It_can_be_had_again_after_it_was_given_back()
    {
        DataDirectory.Open(_directory.Path).Dispose();
        DataDirectory.Open(_directory.Path).Dispose();
    }

    [Fact]
    public void One_that_is_made_is_for_its_user_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions.");
        string path = Path.Combine(_directory.Path, "new", "one");
        using DataDirectory directory = DataDirectory.Open(path);

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_path_that_is_a_file_is_refused_with_its_name()
    {
        File.WriteAllText(_directory.File, "");

        HubDataException refused = Assert.Throws<HubDataException>(() => DataDirectory.Open(_directory.File));
        Assert.Equal($"{_directory.File} is a file: name the directory that it is in, {_directory.Path}.", refused.Message);
        string other = Path.Combine(_directory.Path, "other");
        File.WriteAllText(other, "");
        Assert.Equal($"{other} is a file: name a directory, which is made if there is none.", Assert.Throws<HubDataException>(() => HubBackup.Backup(other, "copy")).Message);
    }

    /// <summary>The directory may be anybody's and open to all: what is kept in it is not.</summary>
    [Fact]
    public async Task What_is_kept_is_for_its_user_alone_whoever_made_the_directory()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions.");
        await using SqliteStore store = SqliteStore.Open(_directory.File);
        using DataDirectory directory = DataDirectory.Open(_directory.Path);

        foreach (string name in new[] { "hub.db", "hub.db-wal", "hub.db-shm", "hub.lock" })
        {
            if (!OperatingSystem.IsWindows())
                Assert.Equal((name, UnixFileMode.UserRead | UnixFileMode.UserWrite), (name, File.GetUnixFileMode(Path.Combine(_directory.Path, name))));
        }
    }

    [Fact]
    public void Without_a_path_it_is_the_users_own()
    {
        Assert.Equal("sockeye", Path.GetFileName(DataDirectory.DefaultPath));
        Assert.True(Path.IsPathFullyQualified(DataDirectory.DefaultPath));
    }
}
