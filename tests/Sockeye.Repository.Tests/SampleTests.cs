namespace Sockeye.Repository.Tests;

/// <summary>A sample is a page that a newcomer enjoys reading.</summary>
public class SampleTests
{
    private const int LinesBelow = 60;

    private static string[] Programs => [.. Repository.FilesIn("samples", ".cs")];

    [Fact]
    public void Each_is_one_file_under_60_lines()
    {
        Assert.NotEmpty(Programs);
        Assert.All(Programs, program =>
        {
            Assert.Equal("Program.cs", Path.GetFileName(program));
            Assert.InRange(File.ReadAllLines(Repository.PathOf(program)).Length, 1, LinesBelow - 1);
        });
    }

    [Fact]
    public void Each_begins_with_what_it_shows() =>
        Assert.All(Programs, program => Assert.StartsWith("// ", Repository.Read(program)));

    [Fact]
    public void Each_is_in_the_table()
    {
        string table = Repository.Read("samples/README.md");

        Assert.All(Programs, program => Assert.Contains($"| `{program.Split('/')[1]}` |", table));
    }

    [Fact]
    public void Their_project_files_say_nothing() =>
        Assert.All(
            Repository.FilesIn("samples", ".csproj"),
            project => Assert.Equal("""<Project Sdk="Microsoft.NET.Sdk" />""", Repository.Read(project).Trim()));
}
