using System.Reflection;

namespace Sockeye.Repository.Tests.PublicApi;

/// <summary>
/// What each library shows is kept as text beside this file, so that a change to it is seen in review. To accept a change:
/// <c>SOCKEYE_ACCEPT_API=1 ./test --filter PublicApi</c>.
/// </summary>
public class PublicApiTests
{
    private const string Folder = "tests/Sockeye.Repository.Tests/PublicApi";

    public static TheoryData<string> Libraries =>
        [.. Repository.FilesIn("src", ".csproj").Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => name != "Sockeye.Cli")];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_public_API_is_the_reviewed_one(string library)
    {
        string snapshot = Repository.PathOf($"{Folder}/{library}.txt");
        string received = Repository.PathOf($"{Folder}/{library}.received.txt");
        string current = ApiPrinter.Print(Assembly.Load(library));
        string reviewed = File.Exists(snapshot) ? File.ReadAllText(snapshot) : "";

        File.Delete(received);
        if (current == reviewed && File.Exists(snapshot))
            return;
        if (Environment.GetEnvironmentVariable("SOCKEYE_ACCEPT_API") == "1")
        {
            File.WriteAllText(snapshot, current);
            return;
        }
        File.WriteAllText(received, current);
        Assert.Fail(
            $"The public API of {library} changed. Look at it; when it is meant: SOCKEYE_ACCEPT_API=1 ./test --filter PublicApi\n\n" +
            LineDifference.Between(reviewed, current));
    }

    [Fact]
    public void Every_snapshot_has_its_library()
    {
        IEnumerable<string> snapshots = Repository.FilesIn(Folder, ".txt").Select(file => Path.GetFileNameWithoutExtension(file));

        Assert.Empty(snapshots.Except(Libraries.Select(row => row.Data)));
    }
}
