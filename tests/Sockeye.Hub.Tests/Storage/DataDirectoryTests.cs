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
        Assert.Contains(_directory.File, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_path_it_is_the_users_own()
    {
        Assert.Equal("sockeye", Path.GetFileName(DataDirectory.DefaultPath));
        Assert.True(Path.IsPathFullyQualified(DataDirectory.DefaultPath));
    }
}
